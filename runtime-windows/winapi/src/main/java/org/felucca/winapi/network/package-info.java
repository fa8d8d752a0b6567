/**
 * The host network service, {@code computenetwork.dll}: networks, the endpoints on them, and the namespaces that
 * endpoints are put into.
 *
 * <p>{@link org.felucca.winapi.network.ComputeNetwork} does everything by identifier; the handles that Windows wants
 * for it live no longer than a call. Documents go in and out as text, of the service's schema version 2.
 *
 * @see <a href="https://learn.microsoft.com/virtualization/api/hcn/overview">Host Compute Network</a>
 */
@NullMarked
package org.felucca.winapi.network;

import org.jspecify.annotations.NullMarked;
