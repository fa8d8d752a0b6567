package org.felucca.images;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.felucca.api.content.ContentReader;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ExportRequest.Form;
import org.felucca.images.archive.Sink;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digester;
import org.felucca.oci.image.Annotations;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.ImageLayout;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/**
 * Images on their way out of here, in one of the forms. The same images give the same bytes: names are sorted, and
 * nothing else is written that could differ. Confined to one thread.
 */
final class Exporting {
    static final String DOCKER_MANIFEST = "manifest.json";

    private final String subject;
    private final Form form;
    private final Map<Digest, Piece> pieces = new TreeMap<>(Comparator.comparing(Digest::toString));
    private final Map<String, Descriptor> index = new TreeMap<>();
    private final Map<String, Shown> shown = new TreeMap<>();

    private record Piece(Descriptor descriptor, Blobs store) {}

    /**
     * An image as Docker's forms show it.
     *
     * @param names full or familiar names, with tags
     */
    record Shown(ResolvedImage image, Blobs store, List<String> names) {
        /** Its entry of {@code manifest.json}. */
        JsonObject toJson(String config, List<String> layers) {
            return JsonObject.builder()
                    .put("Config", config)
                    .strings("RepoTags", names)
                    .put("Layers", JsonArray.ofStrings(layers))
                    .build();
        }
    }

    Exporting(String subject, Form form) {
        this.subject = subject;
        this.form = form;
    }

    /**
     * Adds an image.
     *
     * @param image what of it Docker's own forms show; null if they cannot show it
     */
    void add(ImageReference name, StoredTree tree, Blobs store, @Nullable ResolvedImage image) {
        tree.all().forEach(descriptor -> pieces.put(descriptor.digest(), new Piece(descriptor, store)));
        Descriptor root = tree.documents().get(tree.documents().size() - 1);
        Map<String, String> annotations = new HashMap<>();
        annotations.put(Annotations.CONTAINERD_IMAGE_NAME, name.toString());
        name.tag().ifPresent(tag -> annotations.put(Annotations.REF_NAME, tag));
        index.put(name.toString(), root.withAnnotations(new TreeMap<>(annotations)));
        boolean whole = image != null && image.layers().stream().allMatch(layer -> pieces.containsKey(layer.digest()));
        if (image != null && whole) {
            Shown entry = shown.computeIfAbsent(
                    image.manifest().config().digest().toString(),
                    digest -> new Shown(image, store, new ArrayList<>()));
            if (name.tag().isPresent()) {
                entry.names()
                        .add(name.domain().equals(ImageReference.DEFAULT_DOMAIN) ? name.familiar() : name.toString());
            }
        } else if (form == Form.DOCKER) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND, subject, "layers of " + name.familiar() + " are not here", "pull it again");
        }
    }

    void write(Sink sink) throws IOException {
        shown.values().forEach(entry -> entry.names().sort(Comparator.naturalOrder()));
        if (form == Form.DOCKER) {
            new DockerForm(subject, List.copyOf(shown.values())).write(sink);
        } else {
            layout(sink);
        }
    }

    private void layout(Sink sink) throws IOException {
        Set<String> directories = new LinkedHashSet<>(List.of(ImageLayout.BLOBS_DIRECTORY));
        for (Piece piece : pieces.values()) {
            String path = ImageLayout.blobPath(piece.descriptor().digest());
            directories.add(path.substring(0, path.lastIndexOf('/')));
        }
        for (String directory : directories) {
            sink.directory(directory);
        }
        sink.file(ImageLayout.MARKER_FILE, Json.bytes(ImageLayout.marker()));
        sink.file(
                ImageLayout.INDEX_FILE,
                Json.bytes(ImageIndex.of(List.copyOf(index.values())).toJson()));
        if (form == Form.LAYOUT_AND_DOCKER && !shown.isEmpty()) {
            List<JsonValue> entries = new ArrayList<>();
            for (Shown entry : shown.values()) {
                entries.add(entry.toJson(
                        ImageLayout.blobPath(entry.image().manifest().config().digest()),
                        entry.image().layers().stream()
                                .map(layer -> ImageLayout.blobPath(layer.digest()))
                                .toList()));
            }
            sink.file(DOCKER_MANIFEST, Json.bytes(new JsonArray(entries)));
        }
        for (Piece piece : pieces.values()) {
            blob(sink, piece);
        }
    }

    /** Writes a blob, and makes sure that it is still what it was. */
    private void blob(Sink sink, Piece piece) throws IOException {
        Descriptor descriptor = piece.descriptor();
        try (ContentReader reader = piece.store().reader(descriptor.digest());
                InputStream in = reader.stream();
                Digesting counted =
                        new Digesting(subject, in, descriptor.digest().algorithm())) {
            if (reader.size() != descriptor.size()) {
                throw damaged(subject, descriptor, "it has " + reader.size() + " bytes, not " + descriptor.size());
            }
            sink.file(ImageLayout.blobPath(descriptor.digest()), descriptor.size(), counted);
            Digest actual = counted.digest();
            if (!actual.equals(descriptor.digest())) {
                throw damaged(subject, descriptor, "its bytes have digest " + actual);
            }
        }
    }

    static FeluccaException damaged(String subject, Descriptor descriptor, String how) {
        return new FeluccaException(
                ErrorCode.DATA_LOSS,
                subject,
                descriptor.digest() + " is damaged here: " + how,
                "pull the image again; what was written is of no use");
    }

    /** Digests what is read. A read that fails says so itself: an IOException would count as one of the archive. */
    static final class Digesting extends FilterInputStream {
        private final String subject;
        private final Digester digester;
        private long count;

        Digesting(String subject, InputStream in, Digest.Algorithm algorithm) {
            super(in);
            this.subject = subject;
            this.digester = new Digester(algorithm);
        }

        /** The digest of all that was read; once. */
        Digest digest() {
            return digester.digest();
        }

        /** How much was read. */
        long count() {
            return count;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int read;
            try {
                read = super.read(target, offset, length);
            } catch (IOException e) {
                throw new FeluccaException(
                        ErrorCode.DATA_LOSS, subject, "its content cannot be read: " + e.getMessage(), null, e);
            }
            if (read > 0) {
                digester.update(target, offset, read);
                count += read;
            }
            return read;
        }
    }
}
