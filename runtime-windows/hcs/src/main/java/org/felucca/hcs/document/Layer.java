package org.felucca.hcs.document;

import java.util.UUID;
import org.felucca.oci.json.JsonObject;

/**
 * A read-only layer.
 *
 * @param id the layer as the filter driver knows it
 * @param path host directory
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Layer">Layer</a>
 */
public record Layer(UUID id, String path) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().put("Id", id.toString()).put("Path", path).build();
    }
}
