package org.felucca.oci.runtimespec.windows;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a Windows container.
 *
 * @param memory memory; null if not set
 * @param cpu CPU; null if not set
 * @param storage system drive; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md#resources">
 *     runtime-spec, resources</a>
 */
public record WindowsResources(
        @Nullable MemoryLimit memory,
        @Nullable CpuLimit cpu,
        @Nullable StorageLimit storage) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static WindowsResources read(JsonCursor at) {
        ObjectReader object = at.object();
        WindowsResources result = new WindowsResources(
                object.optional("memory", MemoryLimit::read),
                object.optional("cpu", CpuLimit::read),
                object.optional("storage", StorageLimit::read));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("memory", memory, MemoryLimit::toJson)
                .optional("cpu", cpu, CpuLimit::toJson)
                .optional("storage", storage, StorageLimit::toJson)
                .build();
    }
}
