package org.felucca.hcn.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * The id of what is in a namespace.
 *
 * @param id its id
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#NamespaceResourceEndpoint">NamespaceResourceEndpoint</a>
 */
public record ResourceId(String id) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static ResourceId read(JsonCursor at) {
        ObjectReader object = at.object();
        ResourceId result = new ResourceId(object.string("Id"));
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().put("Id", id).build();
    }
}
