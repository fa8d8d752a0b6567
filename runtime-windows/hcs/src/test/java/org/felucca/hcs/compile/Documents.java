package org.felucca.hcs.compile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.felucca.hcs.document.CredentialGuardState;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonNull;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.runtimespec.Spec;

/** Configurations of the tests: a plain one, and what a test changes in it. */
final class Documents {
    static final HostFacts SERVER_2022 = new HostFacts(20348, 8);
    static final HostFacts SERVER_2019 = new HostFacts(17763, 4);
    static final UUID NAMESPACE = UUID.fromString("168f3daf-efc6-4377-b20a-2c86764ba892");
    static final CredentialGuardState CREDENTIALS =
            new CredentialGuardState("AQIDBA==", "ccg-rpc-1", "LRPC", "{\"CmsPlugins\":[\"ActiveDirectory\"]}");

    private Documents() {}

    /** The plain configuration with a merge patch (RFC 7396) applied. */
    static Spec patched(byte[] patch) {
        JsonValue base = Json.parse("base.json", resource("config/base.json"));
        JsonValue merged = merge(base, Json.parse("patch", patch));
        Spec.Parsed parsed = Spec.parse(Json.bytes(merged));
        if (!parsed.unknown().isEmpty()) {
            throw new AssertionError("no property of the specification: " + parsed.unknown());
        }
        return parsed.spec();
    }

    static Spec patched(String patch) {
        return patched(patch.getBytes(StandardCharsets.UTF_8));
    }

    static ContainerFacts facts() {
        return ContainerFacts.of("web-1", "felucca", Documents::layerId);
    }

    private static UUID layerId(String folder) {
        return UUID.nameUUIDFromBytes(folder.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonValue merge(JsonValue target, JsonValue patch) {
        if (!(patch instanceof JsonObject changes)) {
            return patch;
        }
        JsonObject start = target instanceof JsonObject object ? object : JsonObject.EMPTY;
        JsonObject.Builder result = JsonObject.builder();
        start.members().forEach((name, value) -> {
            if (!changes.members().containsKey(name)) {
                result.put(name, value);
            }
        });
        for (Map.Entry<String, JsonValue> change : changes.members().entrySet()) {
            if (change.getValue() != JsonNull.NULL) {
                result.put(change.getKey(), merge(start.get(change.getKey()).orElse(JsonNull.NULL), change.getValue()));
            }
        }
        return result.build();
    }

    static byte[] resource(String name) {
        try (InputStream in = Documents.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("there is no " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
