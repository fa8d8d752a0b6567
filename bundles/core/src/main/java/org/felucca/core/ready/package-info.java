/**
 * When the platform can serve, and what it waits for until then.
 */
@NullMarked
package org.felucca.core.ready;

import org.jspecify.annotations.NullMarked;
