/**
 * What an image runs on. {@link org.felucca.oci.platform.Platform} is operating system, architecture and what refines
 * them, in normal form; {@link org.felucca.oci.platform.PlatformMatcher} says which entries of an image index fit a
 * host and which fits best, by the rules containerd's platforms package uses.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-index.md">image-spec, image index</a>
 * @see <a href="https://github.com/containerd/platforms">containerd/platforms</a>
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci.platform;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
