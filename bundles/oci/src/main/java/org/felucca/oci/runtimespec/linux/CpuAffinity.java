package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * CPUs an exec process may use, as lists such as {@code 0-3,7}.
 *
 * @param initial until it is in the container's cgroup; null if not set
 * @param finalCpus from then on; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-process">
 *     runtime-spec, execCPUAffinity</a>
 */
public record CpuAffinity(
        @Nullable String initial, @Nullable String finalCpus) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static CpuAffinity read(JsonCursor at) {
        ObjectReader object = at.object();
        CpuAffinity result = new CpuAffinity(object.optionalString("initial"), object.optionalString("final"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("initial", initial)
                .optional("final", finalCpus)
                .build();
    }
}
