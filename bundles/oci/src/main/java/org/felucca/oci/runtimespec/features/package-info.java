/**
 * What a runtime says it supports: {@link org.felucca.oci.runtimespec.features.Features} and its parts.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features.md">runtime-spec</a>
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci.runtimespec.features;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
