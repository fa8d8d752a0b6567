/**
 * The platform's records: one embedded database behind a small contract.
 *
 * <p>A record has a kind, a namespace, a key, labels, a JSON document and outgoing references. References are what
 * garbage collection marks along: what no root (image, container, lease) reaches is garbage. Providers that keep records
 * (snapshotters) keep them here, under a scope of their own, so that a commit of several things is one transaction.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.metadata;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
