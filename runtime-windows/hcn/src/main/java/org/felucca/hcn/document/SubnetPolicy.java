package org.felucca.hcn.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a subnet.
 *
 * @param type its kind
 * @param settings what it sets; null if nothing
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#SubnetPolicy">SubnetPolicy</a>
 */
public record SubnetPolicy(String type, @Nullable JsonValue settings) {
    /** The virtual LAN that it is in, 1 to 4094. */
    public static SubnetPolicy vlan(int id) {
        return new SubnetPolicy(
                "VLAN", JsonObject.builder().put("IsolationId", id).build());
    }

    /** Reads one, of any kind; see {@link JsonCursor} for what is thrown. */
    public static SubnetPolicy read(JsonCursor at) {
        ObjectReader object = at.object();
        return new SubnetPolicy(object.string("Type"), object.optional("Settings", JsonCursor::value));
    }

    /** As the schema writes it. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("Type", type)
                .optional("Settings", settings)
                .build();
    }
}
