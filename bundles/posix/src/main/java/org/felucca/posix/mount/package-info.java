/**
 * Mounts as descriptors: a tree is configured, made and held by an {@link org.felucca.posix.fs.Fd} and appears in no
 * mount table until somebody moves it to a place. Internal to the platform: importers say {@code internal=true}.
 *
 * <p>{@link org.felucca.posix.mount.FsContext} is fsopen, fsconfig and fsmount; {@link
 * org.felucca.posix.mount.Mounts} works on mounted trees (open_tree, move_mount, mount_setattr); {@link
 * org.felucca.posix.mount.OverlayRoot} makes a detached overlay on kernels old and new.
 */
@NullMarked
package org.felucca.posix.mount;

import org.jspecify.annotations.NullMarked;
