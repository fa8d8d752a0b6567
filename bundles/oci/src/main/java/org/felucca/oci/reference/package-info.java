/**
 * Names of images. {@link org.felucca.oci.reference.ImageReference} reads what people type ({@code alpine}) and what
 * registries mean ({@code docker.io/library/alpine:latest}) by one strict grammar, that of distribution/reference.
 *
 * @see <a href="https://github.com/distribution/reference">distribution/reference</a>
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci.reference;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
