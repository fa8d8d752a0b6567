package org.felucca.hcn.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * An address of an endpoint.
 *
 * @param ipAddress the address
 * @param prefixLength bits of its network; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#IpConfig">IpConfig</a>
 */
public record IpConfig(String ipAddress, @Nullable Integer prefixLength) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static IpConfig read(JsonCursor at) {
        ObjectReader object = at.object();
        IpConfig result = new IpConfig(object.string("IpAddress"), object.optionalUint16("PrefixLength"));
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("IpAddress", ipAddress)
                .optional("PrefixLength", prefixLength)
                .build();
    }
}
