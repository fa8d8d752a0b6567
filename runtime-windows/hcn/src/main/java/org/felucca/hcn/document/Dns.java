package org.felucca.hcn.document;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * How names are looked up.
 *
 * @param domain domain of the host; null if not set
 * @param search domains that are tried
 * @param serverList servers
 * @param options options
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#DNS">DNS</a>
 */
public record Dns(@Nullable String domain, List<String> search, List<String> serverList, List<String> options) {
    /** Copies what can be changed. */
    public Dns {
        search = List.copyOf(search);
        serverList = List.copyOf(serverList);
        options = List.copyOf(options);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static Dns read(JsonCursor at) {
        ObjectReader object = at.object();
        Dns result = new Dns(
                object.optionalString("Domain"),
                object.strings("Search"),
                object.strings("ServerList"),
                object.strings("Options"));
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("Domain", domain)
                .strings("Search", search)
                .strings("ServerList", serverList)
                .strings("Options", options)
                .build();
    }
}
