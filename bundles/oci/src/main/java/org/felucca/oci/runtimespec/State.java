package org.felucca.oci.runtimespec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime says about a container, and what hooks get on their standard input.
 *
 * @param ociVersion version of the specification it follows
 * @param id the container
 * @param status where it is in its life
 * @param pid its process on the host; null if not set
 * @param bundle directory of the bundle, absolute
 * @param annotations the configuration's annotations
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/runtime.md#state">runtime-spec, state</a>
 */
public record State(
        String ociVersion,
        String id,
        ContainerStatus status,
        @Nullable Long pid,
        String bundle,
        Map<String, String> annotations) {
    /** Copies what can be changed. */
    public State {
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    /**
     * Parses a state document.
     *
     * @throws OciFormatException if it is malformed; unknown properties are ignored
     */
    public static State parse(byte[] document) {
        return read(JsonCursor.of("container state", document));
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static State read(JsonCursor at) {
        ObjectReader object = at.object();
        State result = new State(
                object.required("ociVersion", JsonCursor::nonEmptyString),
                object.required("id", JsonCursor::nonEmptyString),
                object.required("status", ContainerStatus::read),
                object.optionalUint32("pid"),
                object.required("bundle", JsonCursor::nonEmptyString),
                object.stringMap("annotations"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("ociVersion", ociVersion)
                .put("id", id)
                .put("status", status.id())
                .optional("pid", pid)
                .put("bundle", bundle)
                .stringMap("annotations", annotations)
                .build();
    }
}
