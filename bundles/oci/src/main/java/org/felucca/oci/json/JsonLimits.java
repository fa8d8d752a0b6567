package org.felucca.oci.json;

/**
 * How much a document may ask of its reader. Beyond a limit the document is refused, not cut.
 *
 * @param bytes longest document
 * @param depth deepest nesting of arrays and objects
 * @param values most values (members and elements count one each)
 */
public record JsonLimits(int bytes, int depth, int values) {
    /** For documents of registries and runtimes: 4 MiB (containerd's limit for a manifest), 64 deep, 200,000 values. */
    public static final JsonLimits DEFAULT = new JsonLimits(4 << 20, 64, 200_000);

    /**
     * @throws IllegalArgumentException if a limit is not positive
     */
    public JsonLimits {
        if (bytes <= 0 || depth <= 0 || values <= 0) {
            throw new IllegalArgumentException("limits must be positive: " + bytes + ", " + depth + ", " + values);
        }
    }
}
