/**
 * Where a registry answers, and how it wants to be spoken to: the rules without any configuration, and containerd's
 * layout of configuration per host.
 *
 * <pre>
 *   certs.d/example.com_5000_/hosts.toml     or certs.d/example.com:5000/, else certs.d/_default/
 *   certs.d/example.com/ca.crt               docker's layout, where there is no hosts.toml
 *   certs.d/example.com/client.cert .key
 * </pre>
 *
 * @see <a href="https://github.com/containerd/containerd/blob/main/docs/hosts.md">hosts.toml</a>
 */
@NullMarked
package org.felucca.registry.hosts;

import org.jspecify.annotations.NullMarked;
