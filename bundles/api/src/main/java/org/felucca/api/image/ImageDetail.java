package org.felucca.api.image;

import java.util.List;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageConfig;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.platform.Platform;

/**
 * An image resolved to one platform.
 *
 * @param image the name it was found by
 * @param platform the platform chosen
 * @param manifestDescriptor the manifest chosen
 * @param manifest the manifest
 * @param config the image configuration
 * @param chain the chain ids of its layers, lowest first (OCI image-spec, "Layer ChainID")
 * @param size bytes of manifest, configuration and layers as stored
 */
public record ImageDetail(
        Image image,
        Platform platform,
        Descriptor manifestDescriptor,
        Manifest manifest,
        ImageConfig config,
        List<Digest> chain,
        long size) {
    /** Copies. */
    public ImageDetail {
        chain = List.copyOf(chain);
    }

    /**
     * Returns the name of the committed snapshot that holds the whole root file system once unpacked.
     *
     * @throws IllegalStateException if the image has no layers
     */
    public SnapshotKey topSnapshot() {
        if (chain.isEmpty()) {
            throw new IllegalStateException("image " + image.name() + " has no layers");
        }
        return SnapshotKey.of(chain.get(chain.size() - 1).toString());
    }

    /** Returns the image id as docker shows it: the digest of the configuration. */
    public Digest id() {
        return manifest.config().digest();
    }
}
