package org.felucca.hcn.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a network.
 *
 * @param type its kind
 * @param settings what it sets; null if nothing
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#NetworkPolicy">NetworkPolicy</a>
 */
public record NetworkPolicy(String type, @Nullable JsonValue settings) {
    /** The adapter of the host that the network is on, by its name. */
    public static NetworkPolicy netAdapterName(String adapter) {
        return new NetworkPolicy(
                "NetAdapterName",
                JsonObject.builder().put("NetworkAdapterName", adapter).build());
    }

    /** Reads one, of any kind; see {@link JsonCursor} for what is thrown. */
    public static NetworkPolicy read(JsonCursor at) {
        ObjectReader object = at.object();
        return new NetworkPolicy(object.string("Type"), object.optional("Settings", JsonCursor::value));
    }

    /** As the schema writes it. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("Type", type)
                .optional("Settings", settings)
                .build();
    }
}
