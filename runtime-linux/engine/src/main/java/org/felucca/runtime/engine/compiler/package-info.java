/**
 * The plan compiler as a server: answers {@code felucca-oci} over a unix socket ({@code docs/spec/compiler-protocol.md}).
 *
 * <p>{@link org.felucca.runtime.engine.compiler.PlanService} answers requests,
 * {@link org.felucca.runtime.engine.compiler.CompilerConnections} speaks with those who ask. They live in two places: in the
 * daemon, behind {@link org.felucca.runtime.engine.compiler.CompilerListener}, and in the JVM that {@code felucca-oci} starts
 * where no daemon runs, on a flat class path without OSGi and slf4j: nothing here but the component may need either.
 *
 * <p>It touches no host path that a request names, and holds no container: what it answers is executed by the caller, with
 * the caller's rights and in the caller's mount table.
 */
@NullMarked
package org.felucca.runtime.engine.compiler;

import org.jspecify.annotations.NullMarked;
