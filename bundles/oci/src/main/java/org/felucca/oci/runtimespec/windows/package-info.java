/**
 * What is particular to containers on Windows: {@link org.felucca.oci.runtimespec.windows.Windows} and its parts.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md">runtime-spec</a>
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci.runtimespec.windows;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
