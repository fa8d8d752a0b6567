package org.felucca.hcn.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * What is in a namespace.
 *
 * @param type its kind: Endpoint, Container
 * @param data which one
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#NamespaceResource">NamespaceResource</a>
 */
public record NamespaceResource(String type, ResourceId data) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static NamespaceResource read(JsonCursor at) {
        ObjectReader object = at.object();
        NamespaceResource result =
                new NamespaceResource(object.string("Type"), object.required("Data", ResourceId::read));
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().put("Type", type).put("Data", data.toJson()).build();
    }
}
