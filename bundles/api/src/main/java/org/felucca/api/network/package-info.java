/**
 * Networks of containers.
 *
 * <p>A {@link org.felucca.api.network.NetworkProvider} knows networks by name and attaches sandboxes to them. A sandbox
 * is what holds the interfaces: a network namespace of Linux, by a path, or one of Windows, by an id. An attachment is
 * one interface of a sandbox in one network; its identity is the sandbox's id, the network's name and the interface's
 * name, as in CNI.
 *
 * <pre>
 *   attach(request) ──&gt; ATTACHED ── check(id) ok ── detach(id) ──&gt; (gone) ── detach(id) ──&gt; (gone)
 *                          └── the sandbox is gone, or the host has restarted ── detach(id) frees what is left
 * </pre>
 *
 * <pre>{@code
 * AttachmentId id = new AttachmentId(NamespaceName.DEFAULT, "web-1", NetworkName.of("front"), "eth0");
 * NetworkAttachment made = provider.attach(AttachRequest.of(id, new NetworkSandbox.LinuxNamespace(path))
 *         .portMappings(List.of(new PortMapping(PortMapping.Protocol.TCP, Optional.empty(), 8080, 80)))
 *         .build());
 * made.addresses();     // as the container has them
 * provider.detach(id);  // whether or not the sandbox still is
 * }</pre>
 *
 * <p>How the peers' models fit: CNI's ADD, DEL and CHECK are attach, detach and check, its GC is collect, its network
 * configurations are networks that the provider finds and does not make; a provider keeps the results that DEL and CHECK
 * want. On Windows attach makes an endpoint and puts it into the namespace, and a network is a host compute network.
 *
 * <p>Invariants: an attachment is remembered from before its first trace in the host until after its last; addresses
 * belong to one attachment of a network at a time; detach never fails because something is gone already.
 *
 * @see <a href="https://github.com/containernetworking/cni/blob/main/SPEC.md">CNI specification</a>
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema">HCN schema</a>
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.network;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
