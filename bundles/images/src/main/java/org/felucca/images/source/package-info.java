/**
 * Where images come from when it is no registry: a directory in OCI image layout, or a stream with an oci-archive or a
 * docker-archive, plain or compressed. An {@link org.felucca.images.source.ImportSource} says which images there are
 * and gives their blobs; archives can only be read once and in their own order, so their files go through a
 * {@link org.felucca.images.source.Spool} into the content store first.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">image-spec, image layout</a>
 * @see <a href="https://github.com/moby/docker-image-spec">Docker image specification, "docker save"</a>
 */
@NullMarked
package org.felucca.images.source;

import org.jspecify.annotations.NullMarked;
