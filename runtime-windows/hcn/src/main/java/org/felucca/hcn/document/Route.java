package org.felucca.hcn.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A route.
 *
 * @param nextHop the next hop; null on the link
 * @param destinationPrefix where it leads; null if not given
 * @param metric cost; null for the default
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#Route">Route</a>
 */
public record Route(
        @Nullable String nextHop,
        @Nullable String destinationPrefix,
        @Nullable Integer metric) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static Route read(JsonCursor at) {
        ObjectReader object = at.object();
        Route result = new Route(
                object.optionalString("NextHop"),
                object.optionalString("DestinationPrefix"),
                object.optionalUint16("Metric"));
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("NextHop", nextHop)
                .optional("DestinationPrefix", destinationPrefix)
                .optional("Metric", metric)
                .build();
    }
}
