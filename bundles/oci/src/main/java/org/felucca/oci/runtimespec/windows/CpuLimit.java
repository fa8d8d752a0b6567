package org.felucca.oci.runtimespec.windows;

import java.util.List;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * CPU limits; count, shares and maximum exclude each other.
 *
 * @param count number of CPUs; 64 bits, unsigned; null if not set
 * @param shares relative weight, up to 10000; null if not set
 * @param maximum hundredths of a percent of the host's CPU time, up to 10000; null if not set
 * @param affinity CPUs to run on
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md#cpu">runtime-spec, cpu</a>
 */
public record CpuLimit(
        @Nullable Long count,
        @Nullable Integer shares,
        @Nullable Integer maximum,
        List<GroupAffinity> affinity) {
    private static final int PARTS = 10_000;

    /**
     * @throws OciFormatException if more than one of count, shares and maximum is set, or one is out of range
     */
    public CpuLimit {
        affinity = List.copyOf(affinity);
        if ((count != null ? 1 : 0) + (shares != null ? 1 : 0) + (maximum != null ? 1 : 0) > 1) {
            throw new OciFormatException(
                    "windows cpu limits", null, "count, shares and maximum exclude each other", "keep one of them");
        }
        requireParts("shares", shares);
        requireParts("maximum", maximum);
    }

    private static void requireParts(String name, @Nullable Integer value) {
        if (value != null && (value < 0 || value > PARTS)) {
            throw new OciFormatException(
                    "windows cpu limits", null, name + " " + value + " is out of range", "use 0 to " + PARTS);
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static CpuLimit read(JsonCursor at) {
        ObjectReader object = at.object();
        CpuLimit result = at.as(cursor -> new CpuLimit(
                object.optionalUint64("count"),
                object.optionalUint16("shares"),
                object.optionalUint16("maximum"),
                object.list("affinity", GroupAffinity::read)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optionalUnsigned("count", count)
                .optional("shares", shares)
                .optional("maximum", maximum)
                .array("affinity", affinity, GroupAffinity::toJson)
                .build();
    }
}
