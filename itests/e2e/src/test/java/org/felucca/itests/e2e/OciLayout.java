package org.felucca.itests.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/** An OCI image layout that is being filled. Confined to one thread. */
final class OciLayout {
    /** How a layer is packed. */
    enum Packing {
        PLAIN(""),
        GZIP("+gzip"),
        ZSTD("+zstd");

        private final String suffix;

        Packing(String suffix) {
            this.suffix = suffix;
        }
    }

    /**
     * A layer.
     *
     * @param tar its archive, not packed
     */
    record Layer(Path tar, Packing packing) {}

    private static final String OCI = "application/vnd.oci.image.";

    private final Path directory;
    private final Path blobs;
    private final List<JsonValue> manifests = new ArrayList<>();

    /** Makes an empty one. */
    OciLayout(Path directory) {
        this.directory = directory;
        this.blobs = directory.resolve("blobs").resolve("sha256");
        try {
            Files.createDirectories(blobs);
            Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    /** Adds an image; returns its manifest's descriptor. */
    JsonObject image(JsonObject config, List<Layer> layers, String architecture) {
        List<JsonValue> descriptors = new ArrayList<>();
        List<JsonValue> diffs = new ArrayList<>();
        for (Layer layer : layers) {
            diffs.add(new JsonString("sha256:" + digest(layer.tar())));
            descriptors.add(blob(pack(layer), OCI + "layer.v1.tar" + layer.packing().suffix));
        }
        JsonObject document = JsonObject.builder()
                .put("architecture", architecture)
                .put("os", "linux")
                .put("config", config)
                .put(
                        "rootfs",
                        JsonObject.builder()
                                .put("type", "layers")
                                .put("diff_ids", new JsonArray(diffs))
                                .build())
                .build();
        JsonObject manifest = JsonObject.builder()
                .put("schemaVersion", 2)
                .put("mediaType", OCI + "manifest.v1+json")
                .put("config", blob(document, OCI + "config.v1+json"))
                .put("layers", new JsonArray(descriptors))
                .build();
        return blob(manifest, OCI + "manifest.v1+json").toBuilder()
                .put(
                        "platform",
                        JsonObject.builder()
                                .put("architecture", architecture)
                                .put("os", "linux")
                                .build())
                .build();
    }

    /** Adds an index over manifests; returns its descriptor. */
    JsonObject index(List<JsonObject> entries) {
        return blob(
                JsonObject.builder()
                        .put("schemaVersion", 2)
                        .put("mediaType", OCI + "index.v1+json")
                        .put("manifests", new JsonArray(new ArrayList<>(entries)))
                        .build(),
                OCI + "index.v1+json");
    }

    /** Names what a descriptor points to and writes the layout's index. */
    OciLayout tag(String tag, JsonObject descriptor) {
        manifests.add(descriptor.toBuilder()
                .put(
                        "annotations",
                        JsonObject.builder()
                                .put("org.opencontainers.image.ref.name", tag)
                                .build())
                .build());
        JsonObject index = JsonObject.builder()
                .put("schemaVersion", 2)
                .put("manifests", new JsonArray(manifests))
                .build();
        try {
            Files.write(directory.resolve("index.json"), Json.bytes(index));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Returns where the blob of a descriptor lies. */
    Path blobOf(JsonObject descriptor) {
        return blobs.resolve(text(descriptor, "digest").substring("sha256:".length()));
    }

    static String text(JsonObject object, String member) {
        return ((JsonString) object.get(member).orElseThrow()).value();
    }

    private JsonObject blob(JsonObject document, String mediaType) {
        try {
            Path file = Files.createTempFile(directory, "document", "");
            Files.write(file, Json.bytes(document));
            return blob(file, mediaType);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonObject blob(Path file, String mediaType) {
        try {
            String hex = digest(file);
            long size = Files.size(file);
            Files.move(file, blobs.resolve(hex), StandardCopyOption.REPLACE_EXISTING);
            return JsonObject.builder()
                    .put("mediaType", mediaType)
                    .put("digest", "sha256:" + hex)
                    .put("size", size)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path pack(Layer layer) {
        try {
            Path packed = Files.createTempFile(directory, "layer", "");
            switch (layer.packing()) {
                case PLAIN -> Files.copy(layer.tar(), packed, StandardCopyOption.REPLACE_EXISTING);
                case GZIP -> {
                    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed), 1 << 16)) {
                        Files.copy(layer.tar(), out);
                    }
                }
                case ZSTD ->
                    Commands.run("zstd", "-q", "-f", "-3", layer.tar().toString(), "-o", packed.toString())
                            .ok();
            }
            return packed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
