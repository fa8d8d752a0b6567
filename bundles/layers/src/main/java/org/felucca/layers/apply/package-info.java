/**
 * A layer's members into a tree.
 *
 * <ul>
 *   <li>{@link org.felucca.layers.apply.LayerWriter}: takes members, decides what each means (file, whiteout,
 *       opaque mark, link).
 *   <li>{@link org.felucca.layers.apply.TargetTree}: finds the directory that a member's path means, and makes it
 *       where the layer takes it for granted; {@link org.felucca.layers.apply.PlainTree}, {@link
 *       org.felucca.layers.apply.OverlayTree} and {@link org.felucca.layers.apply.IsolatedTree} are its kinds.
 *   <li>{@link org.felucca.layers.apply.Assumptions}: what a layer in isolation took for granted, and whether it holds.
 *   <li>{@link org.felucca.layers.apply.Pipeline}: decompression and digests on one thread, the writer on another.
 * </ul>
 *
 * <p>Safety: nothing in a tree is ever reached by a path that the kernel resolves over more than one component, but
 * by descriptors of directories opened without following any link. Links on the way are followed here, inside the
 * tree, as the container would.
 */
@NullMarked
package org.felucca.layers.apply;

import org.jspecify.annotations.NullMarked;
