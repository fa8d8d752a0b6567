/**
 * The contract suite of content stores. A provider's tests extend each of {@link org.felucca.tck.content.BlobContract},
 * {@link org.felucca.tck.content.IngestContract} and {@link org.felucca.tck.content.ContentConcurrencyContract}:
 *
 * <pre>{@code
 * class MyBlobTest extends BlobContract {
 *     protected ContentStore open(Path directory) {
 *         return new MyStore(directory);
 *     }
 * }
 * }</pre>
 */
@Version("1.0.0")
@NullMarked
package org.felucca.tck.content;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
