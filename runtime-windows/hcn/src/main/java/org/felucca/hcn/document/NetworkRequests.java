package org.felucca.hcn.document;

import java.util.List;
import java.util.UUID;
import org.felucca.oci.json.JsonObject;

/**
 * Requests about networks, endpoints and namespaces that are there.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#ModifyNamespaceSettingRequest">
 *     ModifyNamespaceSettingRequest</a>
 */
public final class NetworkRequests {
    private NetworkRequests() {}

    /** Puts an endpoint into a namespace, to HcnModifyNamespace: the network of a running container comes by this. */
    public static JsonObject addEndpoint(UUID endpoint) {
        return modify("Endpoint", "Add", endpoint(endpoint));
    }

    /** Takes an endpoint out of a namespace, to HcnModifyNamespace. */
    public static JsonObject removeEndpoint(UUID endpoint) {
        return modify("Endpoint", "Remove", endpoint(endpoint));
    }

    /** Adds settings to an endpoint, to HcnModifyEndpoint. */
    public static JsonObject addPolicies(List<EndpointPolicy> policies) {
        return modify(
                "Policy",
                "Add",
                JsonObject.builder()
                        .array("Policies", policies, EndpointPolicy::toJson)
                        .build());
    }

    /** Selects everything, to the functions that enumerate and query. */
    public static JsonObject queryAll() {
        return JsonObject.builder().put("SchemaVersion", Schema.VERSION).build();
    }

    /** Selects what has a name, to the functions that enumerate. */
    public static JsonObject queryByName(String name) {
        return JsonObject.builder()
                .put("SchemaVersion", Schema.VERSION)
                .put("Filter", JsonObject.builder().put("Name", name).build().toString())
                .build();
    }

    private static JsonObject endpoint(UUID id) {
        return JsonObject.builder().put("EndpointId", id.toString()).build();
    }

    private static JsonObject modify(String resourceType, String requestType, JsonObject settings) {
        return JsonObject.builder()
                .put("ResourceType", resourceType)
                .put("RequestType", requestType)
                .put("Settings", settings)
                .build();
    }
}
