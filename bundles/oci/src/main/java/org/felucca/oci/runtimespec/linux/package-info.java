/**
 * What is particular to containers on Linux: {@link org.felucca.oci.runtimespec.linux.Linux} and its parts.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md">runtime-spec</a>
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci.runtimespec.linux;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
