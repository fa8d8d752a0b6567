package org.felucca.oci.image;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.platform.Platform;
import org.jspecify.annotations.Nullable;

/**
 * An image configuration: what a container starts with, which layers make its root file system, and how it was built.
 *
 * @param created when the image was built
 * @param author who is responsible
 * @param platform what it runs on
 * @param defaults what a container starts with
 * @param diffIds digests of the uncompressed layers, lowest first
 * @param history build steps, oldest first
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">image-spec, configuration</a>
 */
public record ImageConfig(
        @Nullable Instant created,
        @Nullable String author,
        Platform platform,
        ContainerDefaults defaults,
        List<Digest> diffIds,
        List<History> history) {
    private static final String SUBJECT = "image configuration";

    /** Copies the lists. */
    public ImageConfig {
        diffIds = List.copyOf(diffIds);
        history = List.copyOf(history);
    }

    /**
     * Parses a configuration.
     *
     * @param document its bytes, whose digest the caller has checked
     * @throws OciFormatException if it is malformed
     */
    public static ImageConfig parse(byte[] document) {
        ObjectReader object = JsonCursor.of(SUBJECT, document).object();
        ObjectReader rootfs = object.require("rootfs").object();
        JsonCursor type = rootfs.require("type");
        if (!type.string().equals("layers")) {
            throw type.mismatch("\"layers\"");
        }
        ContainerDefaults defaults = object.optional("config", ContainerDefaults::read);
        return new ImageConfig(
                object.optional("created", ImageConfig::instant),
                object.optionalString("author"),
                PlatformJson.read(object.at()),
                defaults == null ? ContainerDefaults.EMPTY : defaults,
                rootfs.list("diff_ids", at -> at.as(cursor -> Digest.parse(cursor.string()))),
                object.list("history", History::read));
    }

    /** The chain id of all layers; null for an image without any. */
    public @Nullable Digest chainId() {
        List<Digest> chain = ChainId.chain(diffIds);
        return chain.isEmpty() ? null : chain.get(chain.size() - 1);
    }

    /** As image-spec writes it. */
    public JsonObject toJson() {
        JsonObject.Builder builder = JsonObject.builder()
                .optional("created", created == null ? null : created.toString())
                .optional("author", author);
        PlatformJson.write(platform).members().forEach(builder::put);
        return builder.put("config", defaults.toJson())
                .put(
                        "rootfs",
                        JsonObject.builder()
                                .put("type", "layers")
                                .put(
                                        "diff_ids",
                                        JsonArray.ofStrings(diffIds.stream()
                                                .map(Digest::toString)
                                                .toList()))
                                .build())
                .array("history", history, History::toJson)
                .build();
    }

    static Instant instant(JsonCursor at) {
        try {
            return OffsetDateTime.parse(at.string()).toInstant();
        } catch (DateTimeException e) {
            throw at.mismatch("a time as in RFC 3339");
        }
    }
}
