package org.felucca.hcn.document;

import java.util.List;
import java.util.UUID;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace.
 *
 * @param id its id; null for one that the service makes
 * @param type its kind; null if not given
 * @param resources what is in it
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#HostComputeNamespace">HostComputeNamespace</a>
 */
public record HostComputeNamespace(
        @Nullable UUID id, @Nullable NamespaceType type, List<NamespaceResource> resources) {
    /** Copies what can be changed. */
    public HostComputeNamespace {
        resources = List.copyOf(resources);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static HostComputeNamespace read(JsonCursor at) {
        ObjectReader object = at.object();
        HostComputeNamespace result = new HostComputeNamespace(
                object.optional("ID", Guids::read),
                object.optional("Type", NamespaceType::read),
                object.list("Resources", NamespaceResource::read));
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("ID", id == null ? null : id.toString())
                .optional("Type", type, NamespaceType::value)
                .array("Resources", resources, NamespaceResource::toJson)
                .put("SchemaVersion", Schema.VERSION)
                .build();
    }
}
