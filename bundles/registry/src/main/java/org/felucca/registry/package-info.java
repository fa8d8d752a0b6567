/**
 * The client side of the OCI distribution API: finds and fetches manifests and blobs. It verifies nothing; digests are
 * the caller's business.
 *
 * <pre>
 *   RegistryImageSource ── what to ask ─▶ RegistryClient ── redirects, retries, 401 ─▶ Transport ── one request
 *          └── ResumingStream (Range)          └── Authenticator ── Challenge, tokens
 * </pre>
 *
 * <p>Rules that protect secrets: plain http is spoken to loopback hosts only; an Authorization header goes to the
 * registry it was made for and never along a redirect to another origin; a token server is reached over https unless it
 * is a loopback host as well.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md">distribution-spec 1.1</a>
 */
@NullMarked
package org.felucca.registry;

import org.jspecify.annotations.NullMarked;
