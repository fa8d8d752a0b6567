package org.felucca.hcn.document;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * Addresses of a network.
 *
 * @param ipAddressPrefix the prefix, as 10.1.0.0/16
 * @param policies settings
 * @param routes routes; that of 0.0.0.0/0 names the gateway
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#Subnet">Subnet</a>
 */
public record Subnet(String ipAddressPrefix, List<SubnetPolicy> policies, List<Route> routes) {
    /** Copies what can be changed. */
    public Subnet {
        policies = List.copyOf(policies);
        routes = List.copyOf(routes);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static Subnet read(JsonCursor at) {
        ObjectReader object = at.object();
        Subnet result = new Subnet(
                object.string("IpAddressPrefix"),
                object.list("Policies", SubnetPolicy::read),
                object.list("Routes", Route::read));
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("IpAddressPrefix", ipAddressPrefix)
                .array("Policies", policies, SubnetPolicy::toJson)
                .array("Routes", routes, Route::toJson)
                .build();
    }
}
