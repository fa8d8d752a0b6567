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
 * <p>A pull holds a lease on everything it makes. Layers are downloaded in parallel, and unpacked while their bytes
 * arrive, with the ingest file as the only buffer: all at the same time where the snapshotter can put them onto their
 * chain afterwards, in order otherwise. Snapshots are committed when the layers' digests and diff ids have been verified;
 * the name is set when all of it is there.
 */
@NullMarked
package org.felucca.images;

import org.jspecify.annotations.NullMarked;
