/**
 * The daemon's main program, on a flat class path beside the framework and outside of it. It knows directories, the bundle list and
 * the framework's life, and nothing of containers:
 *
 * <pre>
 *   Main ──> Settings      command line + etc/felucca.properties, checked
 *        ──> BundleList    what the distribution holds
 *        ──> Platform      framework with a warm cache; start, wait, stop
 * </pre>
 *
 * <p>This is the one place of the platform that touches the framework's launch API.
 */
@NullMarked
package org.felucca.launcher;

import org.jspecify.annotations.NullMarked;
