package org.felucca.images;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import org.felucca.images.archive.TarWriter;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digester;
import org.felucca.oci.image.Annotations;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.ImageLayout;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes images into one archive that is both an OCI layout and, through a {@code manifest.json}, what {@code docker
 * save} writes. The same images give the same bytes: names are sorted, and nothing else is written that could differ.
 * Confined to one thread.
 */
final class Exporting {
    private final String subject;
    private final Map<Digest, Piece> pieces = new TreeMap<>(Comparator.comparing(Digest::toString));
    private final Map<String, Descriptor> index = new TreeMap<>();
    private final Map<String, Docker> docker = new TreeMap<>();

    private record Piece(Descriptor descriptor, Blobs store) {}

    /** One entry of {@code manifest.json}. */
    private record Docker(Manifest manifest, List<String> names) {
        JsonObject toJson() {
            return JsonObject.builder()
                    .put("Config", ImageLayout.blobPath(manifest.config().digest()))
                    .strings("RepoTags", names)
                    .strings(
                            "Layers",
                            manifest.layers().stream()
                                    .map(layer -> ImageLayout.blobPath(layer.digest()))
                                    .toList())
                    .build();
        }
    }

    Exporting(String subject) {
        this.subject = subject;
    }

    /**
     * Adds an image.
     *
     * @param image what of it Docker's own form shows; null if that cannot show it
     */
    void add(ImageReference name, StoredTree tree, Blobs store, @Nullable Manifest image) {
        tree.all().forEach(descriptor -> pieces.put(descriptor.digest(), new Piece(descriptor, store)));
        Descriptor root = tree.documents().get(tree.documents().size() - 1);
        Map<String, String> annotations = new HashMap<>();
        annotations.put(Annotations.CONTAINERD_IMAGE_NAME, name.toString());
        name.tag().ifPresent(tag -> annotations.put(Annotations.REF_NAME, tag));
        index.put(name.toString(), root.withAnnotations(new TreeMap<>(annotations)));
        boolean whole = image != null && image.layers().stream().allMatch(layer -> pieces.containsKey(layer.digest()));
        if (image != null && whole) {
            Docker entry = docker.computeIfAbsent(
                    image.config().digest().toString(), digest -> new Docker(image, new ArrayList<>()));
            if (name.tag().isPresent()) {
                entry.names()
                        .add(name.domain().equals(ImageReference.DEFAULT_DOMAIN) ? name.familiar() : name.toString());
            }
        }
    }

    void write(OutputStream out) throws IOException {
        TarWriter tar = new TarWriter(out);
        Set<String> directories = new LinkedHashSet<>(List.of(ImageLayout.BLOBS_DIRECTORY));
        for (Piece piece : pieces.values()) {
            String path = ImageLayout.blobPath(piece.descriptor().digest());
            directories.add(path.substring(0, path.lastIndexOf('/')));
        }
        for (String directory : directories) {
            tar.directory(directory);
        }
        tar.file(ImageLayout.MARKER_FILE, Json.bytes(ImageLayout.marker()));
        tar.file(
                ImageLayout.INDEX_FILE,
                Json.bytes(ImageIndex.of(List.copyOf(index.values())).toJson()));
        if (!docker.isEmpty()) {
            List<JsonValue> entries = new ArrayList<>();
            docker.values().forEach(entry -> {
                entry.names().sort(Comparator.naturalOrder());
                entries.add(entry.toJson());
            });
            tar.file("manifest.json", Json.bytes(new JsonArray(entries)));
        }
        for (Piece piece : pieces.values()) {
            blob(tar, piece);
        }
        tar.finish();
    }

    /** Writes a blob, and makes sure that it is still what it was. */
    private void blob(TarWriter tar, Piece piece) throws IOException {
        Descriptor descriptor = piece.descriptor();
        Digester digester = new Digester(descriptor.digest().algorithm());
        try (ContentReader reader = piece.store().reader(descriptor.digest());
                InputStream in = reader.stream();
                InputStream counted = new Digesting(in, digester)) {
            if (reader.size() != descriptor.size()) {
                throw damaged(descriptor, "it has " + reader.size() + " bytes instead of " + descriptor.size());
            }
            tar.file(ImageLayout.blobPath(descriptor.digest()), descriptor.size(), counted);
        }
        Digest actual = digester.digest();
        if (!actual.equals(descriptor.digest())) {
            throw damaged(descriptor, "its bytes have digest " + actual);
        }
    }

    private FeluccaException damaged(Descriptor descriptor, String how) {
        return new FeluccaException(
                ErrorCode.DATA_LOSS,
                subject,
                descriptor.digest() + " is damaged here: " + how,
                "pull the image again; the archive is of no use");
    }

    /** Digests what is read. A read that fails says so itself: an IOException would count as one of the archive. */
    private final class Digesting extends FilterInputStream {
        private final Digester digester;

        Digesting(InputStream in, Digester digester) {
            super(in);
            this.digester = digester;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count;
            try {
                count = super.read(target, offset, length);
            } catch (IOException e) {
                throw new FeluccaException(
                        ErrorCode.INTERNAL, subject, "its content cannot be read: " + e.getMessage(), null, e);
            }
            if (count > 0) {
                digester.update(target, offset, count);
            }
            return count;
        }
    }
}
