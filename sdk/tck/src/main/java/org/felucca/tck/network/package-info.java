/**
 * The contract suite of network providers, one interface of default test methods per clause:
 *
 * <ul>
 *   <li>{@link org.felucca.tck.network.AttachContract}: what attach makes, and refuses.
 *   <li>{@link org.felucca.tck.network.DetachContract}: what detach frees, and how often.
 *   <li>{@link org.felucca.tck.network.CheckContract}: what check notices, and what survives the process.
 *   <li>{@link org.felucca.tck.network.NetworkContract}: networks by name, and what is not declared is refused.
 * </ul>
 *
 * <p>A provider's tests extend a common base of their own, a {@link org.felucca.tck.network.NetworkFixture}, and each
 * of the suites through it. {@link org.felucca.tck.network.MemoryNetworkProvider} passes them, and stands in for a
 * provider in the tests of others.
 */
@Version("1.0.0")
@NullMarked
package org.felucca.tck.network;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
