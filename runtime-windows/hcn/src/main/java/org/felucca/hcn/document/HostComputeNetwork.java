package org.felucca.hcn.document;

import java.util.List;
import java.util.UUID;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A network of the host.
 *
 * @param id its id; null for one that the service makes
 * @param name its name; null if not given
 * @param type its kind; the service leaves out NAT, which is its zero
 * @param policies settings of its kind
 * @param dns how names are looked up; null if not set
 * @param ipams its addresses
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#HostComputeNetwork">HostComputeNetwork</a>
 */
public record HostComputeNetwork(
        @Nullable UUID id,
        @Nullable String name,
        NetworkType type,
        List<NetworkPolicy> policies,
        @Nullable Dns dns,
        List<Ipam> ipams) {
    /** Copies what can be changed. */
    public HostComputeNetwork {
        policies = List.copyOf(policies);
        ipams = List.copyOf(ipams);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static HostComputeNetwork read(JsonCursor at) {
        ObjectReader object = at.object();
        HostComputeNetwork result = new HostComputeNetwork(
                object.optional("ID", Guids::read),
                object.optionalString("Name"),
                type(object),
                object.list("Policies", NetworkPolicy::read),
                object.optional("Dns", Dns::read),
                object.list("Ipams", Ipam::read));
        return result;
    }

    private static NetworkType type(ObjectReader object) {
        JsonCursor given = object.find("Type");
        return given == null ? NetworkType.NAT : NetworkType.read(given);
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("ID", id == null ? null : id.toString())
                .optional("Name", name)
                .put("Type", type.id())
                .put("SchemaVersion", Schema.VERSION)
                .array("Policies", policies, NetworkPolicy::toJson)
                .optional("Dns", dns, Dns::toJson)
                .array("Ipams", ipams, Ipam::toJson)
                .build();
    }
}
