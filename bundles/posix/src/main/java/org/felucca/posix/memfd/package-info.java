/** Files in memory that can be sealed against change. Internal to the platform. */
@NullMarked
package org.felucca.posix.memfd;

import org.jspecify.annotations.NullMarked;
