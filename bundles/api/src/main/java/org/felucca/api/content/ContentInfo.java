package org.felucca.api.content;

import java.time.Instant;
import org.felucca.oci.digest.Digest;

/**
 * A blob that is there.
 *
 * @param digest its name
 * @param size its length in bytes
 * @param committed when it became visible
 */
public record ContentInfo(Digest digest, long size, Instant committed) {}
