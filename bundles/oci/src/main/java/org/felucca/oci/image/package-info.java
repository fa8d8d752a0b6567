/**
 * Documents of the OCI image specification, and Docker's image manifest version 2 schema 2 where it says the same in
 * other words.
 *
 * <pre>
 *   ImageIndex ── manifests ─▶ Manifest ── config ─▶ ImageConfig ── rootfs ─▶ diff ids ─▶ ChainId
 *                                 └─────── layers ─▶ (tar archives)
 *   ImageLayout: oci-layout + index.json + blobs/&lt;algorithm&gt;/&lt;hex&gt;
 * </pre>
 *
 * <p>Every arrow is a {@link org.felucca.oci.image.Descriptor}: media type, digest, size. The identity of a document is
 * the digest of its bytes as received, so callers keep those bytes; {@code toJson} is for documents made here. Unknown
 * members are ignored when reading, as image-spec demands.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/spec.md">image-spec</a>
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci.image;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
