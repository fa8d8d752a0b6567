package org.felucca.images;

import java.util.List;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.ChainId;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageConfig;
import org.felucca.oci.image.Manifest;

/**
 * An image for one platform, its documents read and verified.
 *
 * @param path from the root to the manifest: indexes, then the manifest
 * @param manifest the manifest
 * @param config the configuration
 * @param chain chain ids of the layers, lowest first
 */
record ResolvedImage(List<Descriptor> path, Manifest manifest, ImageConfig config, List<Digest> chain) {
    ResolvedImage(List<Descriptor> path, Manifest manifest, ImageConfig config) {
        this(List.copyOf(path), manifest, config, ChainId.chain(config.diffIds()));
    }

    Descriptor root() {
        return path.get(0);
    }

    Descriptor manifestDescriptor() {
        return path.get(path.size() - 1);
    }

    List<Descriptor> layers() {
        return manifest.layers();
    }

    /** Bytes of manifest, configuration and layers as stored. */
    long size() {
        return manifestDescriptor().size()
                + manifest.config().size()
                + layers().stream().mapToLong(Descriptor::size).sum();
    }
}
