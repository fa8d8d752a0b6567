/**
 * The snapshotter {@code overlay}: each snapshot is a directory of its own changes, and the kernel's overlayfs puts a
 * chain of them together. Nothing is copied, so that a snapshot costs three directories.
 */
@NullMarked
package org.felucca.snapshotter.overlay;

import org.jspecify.annotations.NullMarked;
