package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A condition on an argument of a system call.
 *
 * @param index which argument, 0 to 5
 * @param value what to compare with; 64 bits, unsigned
 * @param valueTwo the second value of MASKED_EQUAL; 64 bits, unsigned; null if not set
 * @param op how to compare
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#seccomp">
 *     runtime-spec, seccomp</a>
 */
public record SeccompArg(long index, long value, @Nullable Long valueTwo, SeccompOperator op) {
    /**
     * @throws OciFormatException if the index is beyond 5
     */
    public SeccompArg {
        if (index < 0 || index > 5) {
            throw new OciFormatException("seccomp argument", null, "index " + index + " does not exist", "use 0 to 5");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static SeccompArg read(JsonCursor at) {
        ObjectReader object = at.object();
        SeccompArg result = at.as(cursor -> new SeccompArg(
                object.required("index", JsonCursor::uint32),
                object.required("value", JsonCursor::uint64),
                object.optionalUint64("valueTwo"),
                object.required("op", SeccompOperator::read)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("index", index)
                .putUnsigned("value", value)
                .optionalUnsigned("valueTwo", valueTwo)
                .put("op", op.id())
                .build();
    }
}
