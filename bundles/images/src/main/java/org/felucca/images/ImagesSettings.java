package org.felucca.images;

import org.felucca.api.diff.DiffLimits;

/**
 * What the service may use.
 *
 * @param parallelDownloads blobs downloaded at a time, over all pulls
 * @param parallelLayers layers of an image unpacked at a time
 * @param parts when a blob is fetched in parts
 * @param limits what a layer may not exceed
 */
record ImagesSettings(int parallelDownloads, int parallelLayers, PartSettings parts, DiffLimits limits) {
    ImagesSettings {
        if (parallelDownloads < 1) {
            throw new IllegalArgumentException("parallelDownloads must be at least 1: " + parallelDownloads);
        }
        if (parallelLayers < 1) {
            throw new IllegalArgumentException("parallelLayers must be at least 1: " + parallelLayers);
        }
    }
}
