package org.felucca.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.felucca.images.Exporting.Digesting;
import org.felucca.images.Exporting.Shown;
import org.felucca.images.archive.Sink;
import org.felucca.images.source.Decompression;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * What {@code docker save} wrote before Docker 25, which every reader of archives knows:
 *
 * <pre>
 *   manifest.json            for each image its configuration, names and layers
 *   repositories             names and the topmost layer's id
 *   &lt;image id&gt;.json          a configuration
 *   &lt;layer id&gt;/VERSION json layer.tar
 * </pre>
 *
 * <p>A layer's id is computed as Docker does: of its version 1 document with chain id and parent. Confined to one thread.
 *
 * @see <a href="https://github.com/moby/docker-image-spec/blob/main/v1.2.md">Docker image specification 1.2</a>
 */
final class DockerForm {
    private static final String EPOCH = "1970-01-01T00:00:00Z";

    private final String subject;
    private final List<Shown> images;
    private final Map<String, Layer> layers = new LinkedHashMap<>();

    /** A layer as it lies in the archive. */
    private record Layer(JsonObject document, Descriptor stored, Digest diffId, Blobs store) {}

    DockerForm(String subject, List<Shown> images) {
        this.subject = subject;
        this.images = images;
    }

    void write(Sink sink) throws IOException {
        List<JsonValue> manifest = new ArrayList<>();
        Map<String, JsonObject.Builder> repositories = new TreeMap<>();
        Map<String, byte[]> configs = new LinkedHashMap<>();
        for (Shown shown : images) {
            Descriptor config = shown.image().manifest().config();
            byte[] document = shown.store().document(config);
            configs.put(config.digest().hex() + ".json", document);
            List<String> ids = layers(shown, document);
            manifest.add(shown.toJson(
                    config.digest().hex() + ".json",
                    ids.stream().map(id -> id + "/layer.tar").toList()));
            if (!ids.isEmpty()) {
                shown.names().forEach(name -> {
                    int colon = name.lastIndexOf(':');
                    repositories
                            .computeIfAbsent(name.substring(0, colon), repository -> JsonObject.builder())
                            .put(name.substring(colon + 1), ids.get(ids.size() - 1));
                });
            }
        }
        sink.file(Exporting.DOCKER_MANIFEST, Json.bytes(new JsonArray(manifest)));
        JsonObject.Builder names = JsonObject.builder();
        repositories.forEach((repository, tags) -> names.put(repository, tags.build()));
        sink.file("repositories", Json.bytes(names.build()));
        for (Map.Entry<String, byte[]> config : configs.entrySet()) {
            sink.file(config.getKey(), config.getValue());
        }
        for (Map.Entry<String, Layer> layer : layers.entrySet()) {
            layer(sink, layer.getKey(), layer.getValue());
        }
    }

    /** Adds the layers of an image; returns their ids, lowest first. */
    private List<String> layers(Shown shown, byte[] config) {
        ResolvedImage image = shown.image();
        List<String> ids = new ArrayList<>();
        int top = image.layers().size() - 1;
        for (int i = 0; i <= top; i++) {
            JsonObject.Builder document = JsonObject.builder();
            if (i == top) {
                ((JsonObject) Json.parse("image configuration", config))
                        .members()
                        .forEach((member, value) -> {
                            if (!member.equals("rootfs") && !member.equals("history")) {
                                document.put(member, value);
                            }
                        });
            } else {
                document.put("created", EPOCH)
                        .put("os", image.config().platform().os());
            }
            if (i > 0) {
                document.put("parent", ids.get(i - 1));
            }
            JsonObject withoutId = document.build();
            String id = id(withoutId, image.chain().get(i));
            JsonObject whole = withoutId.toBuilder().put("id", id).build();
            layers.putIfAbsent(
                    id,
                    new Layer(
                            whole,
                            image.layers().get(i),
                            image.config().diffIds().get(i),
                            shown.store()));
            ids.add(id);
        }
        return ids;
    }

    private static String id(JsonObject document, Digest chainId) {
        Map<String, JsonValue> sorted = new TreeMap<>(document.members());
        sorted.put("layer_id", new JsonString(chainId.toString()));
        JsonObject.Builder hashed = JsonObject.builder();
        sorted.forEach(hashed::put);
        return Digest.of(Json.bytes(hashed.build())).hex();
    }

    private void layer(Sink sink, String id, Layer layer) throws IOException {
        sink.directory(id);
        sink.file(id + "/VERSION", "1.0".getBytes(StandardCharsets.US_ASCII));
        sink.file(id + "/json", Json.bytes(layer.document()));
        // A tar says how long a file is before its bytes: the layer is read twice.
        long size = read(layer, in -> in.transferTo(OutputStream.nullOutputStream()));
        read(layer, in -> sink.file(id + "/layer.tar", size, in));
    }

    /** Uses the bytes of a layer's plain tar. */
    @FunctionalInterface
    private interface Use {
        void use(InputStream tar) throws IOException;
    }

    /** Reads the plain tar of a layer, and makes sure that it is what the configuration says. @return its size */
    private long read(Layer layer, Use use) throws IOException {
        Digesting tar = new Digesting(subject, open(layer), layer.diffId().algorithm());
        try (tar) {
            use.use(tar);
            Digest actual = tar.digest();
            if (!actual.equals(layer.diffId())) {
                throw Exporting.damaged(subject, layer.stored(), "its tar has digest " + actual);
            }
            return tar.count();
        }
    }

    private InputStream open(Layer layer) {
        InputStream stored = new StoredLayer(layer.store(), layer.stored()).open();
        try {
            return Decompression.of(stored);
        } catch (IOException e) {
            throw Exporting.damaged(subject, layer.stored(), String.valueOf(e.getMessage()));
        }
    }
}
