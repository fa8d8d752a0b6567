package org.felucca.hcs.document;

import java.util.List;
import org.felucca.oci.json.JsonObject;

/**
 * Which properties of a compute system are asked for; none asks for the basic ones.
 *
 * @param properties the properties
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#System_PropertyQuery">System_PropertyQuery</a>
 */
public record PropertyQuery(List<PropertyType> properties) {
    /** Copies what can be changed. */
    public PropertyQuery {
        properties = List.copyOf(properties);
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .array("PropertyTypes", properties, PropertyType::value)
                .build();
    }
}
