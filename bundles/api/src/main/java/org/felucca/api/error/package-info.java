/**
 * How the platform refuses: one exception, one append-only list of codes.
 *
 * <p>A message reads {@code <what> <subject>: <reason>; <fix>}, lower case, without a full stop:
 * {@code cannot prepare snapshot web-1: parent sha256:ab… is not committed; pull the image again}. Each front maps the
 * code once (gRPC status, HTTP status, exit status); nothing but {@link org.felucca.api.error.FeluccaException} crosses
 * a contract.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.error;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
