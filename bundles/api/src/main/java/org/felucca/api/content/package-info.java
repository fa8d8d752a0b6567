/**
 * Blobs by digest.
 *
 * <p>A blob is immutable and named by the digest of its bytes. It arrives through an <em>ingest</em>, which is named by
 * a reference, can be resumed after a crash, and becomes visible as a blob only by a commit that verified digest and
 * size.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.content;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
