/**
 * Images: brought in, unpacked, named, let go.
 *
 * <pre>
 *   Images (the service) ─┬─ ImageTree      index ─▶ manifest ─▶ configuration, each verified
 *                         ├─ Downloads      blobs into the content store, in parallel, each once
 *                         ├─ Unpacker       layers into a snapshotter, following the downloads
 *                         ├─ ImageRecords   names, and what they keep alive
 *                         └─ archive        OCI layouts and archives as a source
 * </pre>
 *
 * <p>A pull holds a lease on everything it makes. Layers are downloaded in parallel; the one whose turn it is is
 * unpacked while its bytes arrive, with the ingest file as the only buffer. A snapshot is committed when the layer's
 * digest and its diff id have been verified; the name is set when all of it is there.
 */
@NullMarked
package org.felucca.images;

import org.jspecify.annotations.NullMarked;
