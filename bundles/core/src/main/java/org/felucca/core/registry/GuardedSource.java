package org.felucca.core.registry;

import java.io.InputStream;
import java.util.Optional;
import org.felucca.api.image.ImageSource;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.reference.ImageReference;

/** An image source whose streams are waited for, and then cut off, when it leaves. */
final class GuardedSource implements ImageSource {
    private final ImageSource source;
    private final Gate gate;

    GuardedSource(ImageSource source, Gate gate) {
        this.source = source;
        this.gate = gate;
    }

    @Override
    public boolean serves(ImageReference reference) {
        return source.serves(reference);
    }

    @Override
    public Descriptor resolve(ImageReference reference) {
        return source.resolve(reference);
    }

    @Override
    public InputStream fetch(ImageReference repository, Descriptor descriptor, long offset) {
        return lent(source.fetch(repository, descriptor, offset));
    }

    @Override
    public Optional<InputStream> fetchPart(ImageReference repository, Descriptor descriptor, long offset, long length) {
        return source.fetchPart(repository, descriptor, offset, length).map(this::lent);
    }

    private InputStream lent(InputStream raw) {
        GuardedStream stream = new GuardedStream(raw, gate);
        stream.lend();
        return stream.asInputStream();
    }

    @Override
    public boolean stores(ImageReference reference) {
        return source.stores(reference);
    }

    @Override
    public boolean putBlob(
            ImageReference repository, Descriptor descriptor, BlobContent content, Optional<ImageReference> sibling) {
        return source.putBlob(repository, descriptor, content, sibling);
    }

    @Override
    public void putManifest(ImageReference target, Descriptor descriptor, byte[] document) {
        source.putManifest(target, descriptor, document);
    }
}
