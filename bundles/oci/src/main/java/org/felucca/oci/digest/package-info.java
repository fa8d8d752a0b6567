/**
 * The identity of content: algorithm and hash. {@link org.felucca.oci.digest.Digest} is the identifier,
 * {@link org.felucca.oci.digest.Digester} computes one from bytes as they pass.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests">image-spec, digests</a>
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci.digest;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
