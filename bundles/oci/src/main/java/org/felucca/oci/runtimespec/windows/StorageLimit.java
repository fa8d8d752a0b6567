package org.felucca.oci.runtimespec.windows;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Limits of the system drive.
 *
 * @param iops operations per second; 64 bits, unsigned; null if not set
 * @param bps bytes per second; 64 bits, unsigned; null if not set
 * @param sandboxSize smallest size in bytes; 64 bits, unsigned; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md#storage">
 *     runtime-spec, storage</a>
 */
public record StorageLimit(
        @Nullable Long iops, @Nullable Long bps, @Nullable Long sandboxSize) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static StorageLimit read(JsonCursor at) {
        ObjectReader object = at.object();
        StorageLimit result = new StorageLimit(
                object.optionalUint64("iops"), object.optionalUint64("bps"), object.optionalUint64("sandboxSize"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optionalUnsigned("iops", iops)
                .optionalUnsigned("bps", bps)
                .optionalUnsigned("sandboxSize", sandboxSize)
                .build();
    }
}
