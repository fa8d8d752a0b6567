package org.felucca.api.diff;

import org.felucca.oci.digest.Digest;

/**
 * What a layer turned out to be when it was applied.
 *
 * @param blobDigest SHA-256 of the bytes as stored
 * @param blobSize number of bytes as stored
 * @param diffId SHA-256 of the uncompressed tar (OCI image-spec, "Layer DiffID")
 * @param tarSize number of bytes of the uncompressed tar
 * @param entries number of entries, whiteouts included
 */
public record AppliedDiff(Digest blobDigest, long blobSize, Digest diffId, long tarSize, long entries) {}
