package org.felucca.hcs.document;

import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Limits of processor time; they exclude each other.
 *
 * @param count number of processors; null if not set
 * @param maximum hundredths of a percent of the host, 1 to 10000; null if not set
 * @param weight weight against others, 1 to 10000; null if not set
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Container_Processor">Container_Processor</a>
 */
public record ContainerProcessor(
        @Nullable Long count,
        @Nullable Long maximum,
        @Nullable Long weight) {
    /** Checks what the schema asks for, and copies. */
    public ContainerProcessor {
        if ((count != null ? 1 : 0) + (maximum != null ? 1 : 0) + (weight != null ? 1 : 0) > 1) {
            throw new IllegalArgumentException("count, maximum and weight exclude each other");
        }
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("Count", count)
                .optional("Maximum", maximum)
                .optional("Weight", weight)
                .build();
    }
}
