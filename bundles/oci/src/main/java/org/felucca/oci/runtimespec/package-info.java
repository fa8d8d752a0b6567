/**
 * Documents of the OCI runtime specification 1.3: {@link org.felucca.oci.runtimespec.Spec} ({@code config.json}) with
 * what holds on every host, {@link org.felucca.oci.runtimespec.State}, and, in sub-packages, what is particular to
 * {@code linux} and {@code windows} and what a runtime says of its {@code features}.
 *
 * <p>All are records: a property that is not set is null (or an empty list or map), an existing instance obeys the
 * rules that hold on every host, and what depends on the host is left to the runtime. Large ones have a builder.
 * Numbers the specification calls {@code uint64} are longs whose 64 bits are unsigned. Nothing here uses reflection;
 * these classes are on the path of every container start.
 *
 * <pre>
 *   Spec.Parsed parsed = Spec.parse(Files.readAllBytes(bundle.resolve(Spec.FILE)));
 *   if (!parsed.unknown().isEmpty()) { … refuse by name … }
 *   Spec without = parsed.spec().toBuilder().hostname(null).build();
 * </pre>
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/spec.md">runtime-spec 1.3.0</a>
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci.runtimespec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
