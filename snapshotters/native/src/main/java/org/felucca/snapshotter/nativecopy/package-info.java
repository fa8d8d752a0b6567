/**
 * The snapshotter {@code native}: each snapshot is a whole tree, copied from its parent; by reference where the file
 * system can (btrfs, xfs), inside the kernel elsewhere. Slow and large, but needs nothing of the kernel.
 */
@NullMarked
package org.felucca.snapshotter.nativecopy;

import org.jspecify.annotations.NullMarked;
