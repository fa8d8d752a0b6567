package org.felucca.oci.runtimespec;

import java.util.List;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What a seccomp listener gets along with the descriptors.
 *
 * @param ociVersion version of the specification it follows
 * @param fds names of the descriptors, in order
 * @param pid the process
 * @param metadata the filter's listenerMetadata; null if not set
 * @param state the container
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#containerprocessstate">
 *     runtime-spec, container process state</a>
 */
public record ContainerProcessState(
        String ociVersion,
        List<String> fds,
        long pid,
        @Nullable String metadata,
        State state) {
    /** Copies what can be changed. */
    public ContainerProcessState {
        fds = List.copyOf(fds);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static ContainerProcessState read(JsonCursor at) {
        ObjectReader object = at.object();
        ContainerProcessState result = new ContainerProcessState(
                object.required("ociVersion", JsonCursor::nonEmptyString),
                object.require("fds").list(JsonCursor::string),
                object.required("pid", JsonCursor::uint32),
                object.optionalString("metadata"),
                object.required("state", State::read));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("ociVersion", ociVersion)
                .put("fds", JsonArray.ofStrings(fds))
                .put("pid", pid)
                .optional("metadata", metadata)
                .put("state", state.toJson())
                .build();
    }
}
