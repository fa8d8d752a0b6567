/**
 * The plan compiler without a daemon: a JVM that {@code felucca-oci} starts and that leaves when idle
 * ({@code docs/spec/compiler-protocol.md}). It runs on a flat class path without OSGi; what it answers with is
 * {@link org.felucca.runtime.engine.compiler}, as in the daemon.
 */
@NullMarked
package org.felucca.runtime.compiler;

import org.jspecify.annotations.NullMarked;
