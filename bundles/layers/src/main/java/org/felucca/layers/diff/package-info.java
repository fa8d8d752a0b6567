/**
 * Trees into layers: the way back of {@code apply}.
 *
 * <ul>
 *   <li>{@link org.felucca.layers.diff.TreeView}: a file system as a reader of its mount would see it, none of it
 *       mounted.
 *   <li>{@link org.felucca.layers.diff.Comparison}: two of them, and what differs.
 *   <li>{@link org.felucca.layers.diff.TreeTar}: what differs, or a whole tree, as a tar.
 * </ul>
 *
 * <p>Safety: a container may write to the tree meanwhile. Nothing is reached by following a link; what is gone when its
 * turn comes is left out, and a file has the size it had when it was looked at.
 */
@NullMarked
package org.felucca.layers.diff;

import org.jspecify.annotations.NullMarked;
