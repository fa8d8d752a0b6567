/**
 * The room of the end-to-end tests: the unpacked distribution, driven from outside through {@code bin/felucca}.
 *
 * <p>The fixtures: {@link org.felucca.itests.e2e.Fixture} gives a test class a daemon of its own and checks after each
 * test that nothing is left; {@link org.felucca.itests.e2e.Daemon} starts, kills and stops it;
 * {@link org.felucca.itests.e2e.Registry} is a docker-registry on loopback, filled by
 * {@link org.felucca.itests.e2e.TestImages}; {@link org.felucca.itests.e2e.Terminal} is a person at a terminal. What a
 * test needs (root, debootstrap, skopeo, umoci, docker-registry, a C compiler) has to be there: nothing is skipped.
 */
@NullMarked
package org.felucca.itests.e2e;

import org.jspecify.annotations.NullMarked;
