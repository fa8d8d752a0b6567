package org.felucca.images;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;

/**
 * All that a manifest or index consists of, images or not.
 *
 * @param blobs configurations and layers, each once; layers that registries may not hold are left out
 * @param documents manifests and indexes, each after what it refers to; the root is the last
 */
record StoredTree(List<Descriptor> blobs, List<Descriptor> documents) {
    private static final int DEPTH = 4;

    /**
     * Walks from a manifest or index down.
     *
     * @param subject what cannot be done if it fails
     * @throws FeluccaException NOT_FOUND if something is not here; UNSUPPORTED for what is neither manifest nor index
     */
    static StoredTree of(String subject, Descriptor root, Blobs store) {
        return of(subject, root, store::document, descriptor -> {
            if (!store.has(descriptor)) {
                throw new FeluccaException(
                        ErrorCode.NOT_FOUND,
                        subject,
                        descriptor.digest() + " of it is not here",
                        "pull the image, or ask for one platform alone (--platform)");
            }
        });
    }

    /**
     * Walks from a manifest or index down, wherever it lies.
     *
     * @param documents gives the verified bytes of a document
     * @param met told of each document before it is read, and of each blob
     */
    static StoredTree of(
            String subject, Descriptor root, Function<Descriptor, byte[]> documents, Consumer<Descriptor> met) {
        Walk walk = new Walk(subject, documents, met);
        walk.document(root, 0);
        return new StoredTree(List.copyOf(walk.blobs), List.copyOf(walk.documents));
    }

    /** The documents and blobs together. */
    List<Descriptor> all() {
        List<Descriptor> all = new ArrayList<>(documents);
        all.addAll(blobs);
        return all;
    }

    private static final class Walk {
        private final String subject;
        private final Function<Descriptor, byte[]> contents;
        private final Consumer<Descriptor> met;
        private final Set<Digest> seen = new LinkedHashSet<>();
        private final List<Descriptor> blobs = new ArrayList<>();
        private final List<Descriptor> documents = new ArrayList<>();

        Walk(String subject, Function<Descriptor, byte[]> contents, Consumer<Descriptor> met) {
            this.subject = subject;
            this.contents = contents;
            this.met = met;
        }

        void document(Descriptor descriptor, int depth) {
            MediaType type = descriptor.mediaType();
            if (!type.isIndex() && !type.isManifest()) {
                throw new FeluccaException(
                        ErrorCode.UNSUPPORTED,
                        subject,
                        "it has an entry of media type " + type,
                        "only manifests and indexes are followed");
            }
            if (depth > DEPTH) {
                throw new FeluccaException(ErrorCode.UNSUPPORTED, subject, "it nests more than " + DEPTH + " indexes");
            }
            if (!seen.add(descriptor.digest())) {
                return;
            }
            met.accept(descriptor);
            byte[] document = contents.apply(descriptor);
            try {
                if (type.isIndex()) {
                    ImageIndex.parse(document).manifests().forEach(entry -> document(entry, depth + 1));
                } else {
                    manifest(Manifest.parse(document));
                }
            } catch (OciFormatException e) {
                throw new FeluccaException(ErrorCode.DATA_LOSS, subject, e.getMessage(), null, e);
            }
            documents.add(descriptor);
        }

        private void manifest(Manifest manifest) {
            blob(manifest.config());
            manifest.layers().forEach(this::blob);
        }

        private void blob(Descriptor descriptor) {
            if (!descriptor.mediaType().isForeignLayer() && seen.add(descriptor.digest())) {
                met.accept(descriptor);
                blobs.add(descriptor);
            }
        }
    }
}
