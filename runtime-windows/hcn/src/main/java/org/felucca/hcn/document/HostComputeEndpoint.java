package org.felucca.hcn.document;

import java.util.List;
import java.util.UUID;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * An interface of a namespace in a network.
 *
 * @param id its id; null for one that the service makes
 * @param name its name; null if not given
 * @param network its network
 * @param namespace its namespace; null if it is in none
 * @param policies settings
 * @param ipConfigurations its addresses
 * @param dns how names are looked up; null if not set
 * @param routes its routes
 * @param macAddress hardware address, as 00-15-5D-01-02-03; null for one that the service chooses
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#HostComputeEndpoint">HostComputeEndpoint</a>
 */
public record HostComputeEndpoint(
        @Nullable UUID id,
        @Nullable String name,
        UUID network,
        @Nullable UUID namespace,
        List<EndpointPolicy> policies,
        List<IpConfig> ipConfigurations,
        @Nullable Dns dns,
        List<Route> routes,
        @Nullable String macAddress) {
    /** Copies what can be changed. */
    public HostComputeEndpoint {
        policies = List.copyOf(policies);
        ipConfigurations = List.copyOf(ipConfigurations);
        routes = List.copyOf(routes);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static HostComputeEndpoint read(JsonCursor at) {
        ObjectReader object = at.object();
        HostComputeEndpoint result = new HostComputeEndpoint(
                object.optional("ID", Guids::read),
                object.optionalString("Name"),
                object.required("HostComputeNetwork", Guids::read),
                object.optional("HostComputeNamespace", Guids::read),
                object.list("Policies", EndpointPolicy::read),
                object.list("IpConfigurations", IpConfig::read),
                object.optional("Dns", Dns::read),
                object.list("Routes", Route::read),
                object.optionalString("MacAddress"));
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("ID", id == null ? null : id.toString())
                .optional("Name", name)
                .put("HostComputeNetwork", network.toString())
                .optional("HostComputeNamespace", namespace == null ? null : namespace.toString())
                .array("Policies", policies, EndpointPolicy::toJson)
                .array("IpConfigurations", ipConfigurations, IpConfig::toJson)
                .optional("Dns", dns, Dns::toJson)
                .array("Routes", routes, Route::toJson)
                .optional("MacAddress", macAddress)
                .put("SchemaVersion", Schema.VERSION)
                .build();
    }
}
