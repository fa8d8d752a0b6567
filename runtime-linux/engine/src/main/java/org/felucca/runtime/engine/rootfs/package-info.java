/** Root file systems: from a snapshot's description to a detached mount. */
@NullMarked
package org.felucca.runtime.engine.rootfs;

import org.jspecify.annotations.NullMarked;
