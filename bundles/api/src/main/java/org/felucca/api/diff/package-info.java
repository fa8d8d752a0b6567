/**
 * Layer archives into file systems.
 *
 * <p>A layer (OCI image-spec, "Image Layer Filesystem Changeset") is a tar stream of additions, changes and whiteouts,
 * usually compressed. A {@link org.felucca.api.diff.DiffApplier} decompresses it, verifies it and writes it into a
 * prepared snapshot in one pass. The other way round, it says what a snapshot changed and writes that as a layer.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.diff;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
