package org.felucca.hcs.document;

import java.util.List;
import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The root file system of a container: its layers, combined in its scratch.
 *
 * @param layers read-only layers, uppermost first
 * @param path volume of the scratch, ending in a backslash
 * @param qos limits of that volume; null for none
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Storage">Storage</a>
 */
public record Storage(
        List<Layer> layers, String path, @Nullable StorageQos qos) {
    /** Copies what can be changed. */
    public Storage {
        layers = List.copyOf(layers);
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .array("Layers", layers, Layer::toJson)
                .put("Path", path)
                .optional("QoS", qos, StorageQos::toJson)
                .build();
    }
}
