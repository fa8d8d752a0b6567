/**
 * What lies on the disk: whether it is whole, and how much of it there is.
 *
 * <p>A check compares blobs with their digests, layers with their manifests, and records with each other, with the
 * blobs and snapshots they name, and with their copies on disk. With {@code repair} it takes away what is damaged, so
 * that it is fetched again when it is needed next, and mends at once what can be mended from what is here.
 *
 * <pre>{@code
 *   CheckReport report = storage.check(new CheckRequest(true, true), finding -> {});
 *   boolean clean = report.clean();
 * }</pre>
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.storage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
