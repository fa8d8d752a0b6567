/** Commands about the platform itself: its version, its plugins, what happens in it. */
@NullMarked
package org.felucca.verbs.platform;

import org.jspecify.annotations.NullMarked;
