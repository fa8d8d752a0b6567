/**
 * The content store on a file system.
 *
 * <pre>
 *   &lt;root&gt;/blobs/sha256/&lt;hex&gt;        a committed blob, read-only
 *   &lt;root&gt;/ingest/&lt;sha256(ref)&gt;/ref    the ingest's name
 *   &lt;root&gt;/ingest/&lt;sha256(ref)&gt;/data   what arrived so far
 *   &lt;root&gt;/ingest/&lt;sha256(ref)&gt;/received   while pieces arrive side by side: how much of it has no gap
 * </pre>
 *
 * <p>A commit verifies, syncs the data, renames it to its blob and syncs the directory; after a crash a blob is whole
 * or absent. {@link org.felucca.content.FileContentStore} holds the rules, {@link org.felucca.content.FileOperations}
 * every durable step (tests fail each of them), {@link org.felucca.content.ContentComponent} the configuration.
 */
@NullMarked
package org.felucca.content;

import org.jspecify.annotations.NullMarked;
