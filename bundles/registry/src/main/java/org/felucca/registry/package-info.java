/**
 * The client side of the OCI distribution API: finds and fetches manifests and blobs. It verifies nothing; digests are
 * the caller's business.
 *
 * <pre>
 *   RegistryImageSource ── what to ask ─▶ RegistryClient ── redirects, retries, 401 ─▶ Transport ── one request
 *     ├── Candidates: whom, in turn ◀── hosts ◀── hosts.toml ◀── toml   └── Authenticator ── Challenge, tokens
 *     └── ResumingStream (Range)        Transport ── tls, proxy, Traffic (how much to a host at a time)
 * </pre>
 *
 * <p>Rules that protect secrets: plain http is spoken to loopback hosts and where hosts.toml says so; an Authorization
 * header, and headers of hosts.toml, go to the host they were made for and never along a redirect to another origin; a
 * token server is reached over https unless it is a loopback host, or the registry is spoken to over http by
 * configuration.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md">distribution-spec 1.1</a>
 */
@NullMarked
package org.felucca.registry;

import org.jspecify.annotations.NullMarked;
