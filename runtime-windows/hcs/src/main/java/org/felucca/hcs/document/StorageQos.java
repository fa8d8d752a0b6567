package org.felucca.hcs.document;

import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a volume.
 *
 * @param iopsMaximum operations per second; 64 bits, unsigned; null for no limit
 * @param bandwidthMaximum bytes per second; 64 bits, unsigned; null for no limit
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#StorageQoS">StorageQoS</a>
 */
public record StorageQos(
        @Nullable Long iopsMaximum, @Nullable Long bandwidthMaximum) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optionalUnsigned("IopsMaximum", iopsMaximum)
                .optionalUnsigned("BandwidthMaximum", bandwidthMaximum)
                .build();
    }
}
