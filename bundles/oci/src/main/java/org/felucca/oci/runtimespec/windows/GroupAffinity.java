package org.felucca.oci.runtimespec.windows;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * CPUs of one processor group.
 *
 * @param mask CPUs of the group; 64 bits, unsigned; null if not set
 * @param group the processor group; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md#cpu">runtime-spec, cpu</a>
 */
public record GroupAffinity(@Nullable Long mask, @Nullable Long group) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static GroupAffinity read(JsonCursor at) {
        ObjectReader object = at.object();
        GroupAffinity result = new GroupAffinity(object.optionalUint64("mask"), object.optionalUint32("group"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optionalUnsigned("mask", mask)
                .optional("group", group)
                .build();
    }
}
