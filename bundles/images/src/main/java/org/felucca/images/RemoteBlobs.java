package org.felucca.images;

import java.io.InputStream;
import java.util.Optional;
import org.felucca.api.image.ImageSource;
import org.felucca.api.plugin.Provider;
import org.felucca.images.source.BlobSource;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.reference.ImageReference;

/**
 * The blobs of a repository.
 *
 * @param source who has it
 * @param repository which one
 */
record RemoteBlobs(Provider<ImageSource> source, ImageReference repository) implements BlobSource {
    @Override
    public InputStream open(Descriptor descriptor, long offset) {
        return source.call(contract -> contract.fetch(repository, descriptor, offset));
    }

    @Override
    public Optional<InputStream> openPart(Descriptor descriptor, long offset, long length) {
        return source.call(contract -> contract.fetchPart(repository, descriptor, offset, length));
    }
}
