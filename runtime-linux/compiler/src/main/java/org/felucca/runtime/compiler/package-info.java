/**
 * The plan compiler as a server: answers {@code felucca-oci} over a unix socket ({@code docs/spec/compiler-protocol.md}).
 *
 * <p>It runs on a flat class path without OSGi, touches no host path that a request names, and holds no container: what it
 * answers is executed by the caller, with the caller's rights and in the caller's mount table.
 */
@NullMarked
package org.felucca.runtime.compiler;

import org.jspecify.annotations.NullMarked;
