package org.felucca.hcn.document;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * How addresses are given.
 *
 * @param type Static or DHCP; null if not given
 * @param subnets the addresses
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#Ipam">Ipam</a>
 */
public record Ipam(@Nullable String type, List<Subnet> subnets) {
    /** Copies what can be changed. */
    public Ipam {
        subnets = List.copyOf(subnets);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static Ipam read(JsonCursor at) {
        ObjectReader object = at.object();
        Ipam result = new Ipam(object.optionalString("Type"), object.list("Subnets", Subnet::read));
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("Type", type)
                .array("Subnets", subnets, Subnet::toJson)
                .build();
    }
}
