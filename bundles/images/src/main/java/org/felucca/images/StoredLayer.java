package org.felucca.images;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.felucca.api.content.ContentReader;
import org.felucca.api.error.FeluccaException;
import org.felucca.images.Unpacker.LayerBytes;
import org.felucca.oci.image.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * A layer in the content store. It was verified when it was committed; what has happened to it since shows when the
 * applier's digest is compared.
 *
 * @param blobs the store
 * @param layer the layer
 */
record StoredLayer(Blobs blobs, Descriptor layer) implements LayerBytes {
    @Override
    public InputStream open() {
        return new OwningStream(blobs.reader(layer.digest()));
    }

    @Override
    public void awaitVerified() {
        // Nothing is on its way.
    }

    @Override
    public @Nullable FeluccaException failure() {
        return null;
    }

    /** A stream that closes its reader. */
    private static final class OwningStream extends FilterInputStream {
        private final ContentReader reader;

        OwningStream(ContentReader reader) {
            super(reader.stream());
            this.reader = reader;
        }

        @Override
        public void close() throws IOException {
            super.close();
            reader.close();
        }
    }
}
