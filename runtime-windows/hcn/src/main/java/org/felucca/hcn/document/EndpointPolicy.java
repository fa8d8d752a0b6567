package org.felucca.hcn.document;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A setting of an endpoint.
 *
 * @param type its kind
 * @param settings what it sets; null if nothing
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#EndpointPolicy">EndpointPolicy</a>
 */
public record EndpointPolicy(String type, @Nullable JsonValue settings) {
    /** IP protocol number of TCP. */
    public static final int TCP = 6;

    /** IP protocol number of UDP. */
    public static final int UDP = 17;

    /**
     * A port of the host that leads to the endpoint.
     *
     * @param protocol IP protocol number
     * @param address address of the host; null for all
     * @param hostPort port of the host
     * @param port port of the endpoint
     */
    public static EndpointPolicy portMapping(int protocol, @Nullable String address, int hostPort, int port) {
        return new EndpointPolicy(
                "PortMapping",
                JsonObject.builder()
                        .put("Protocol", protocol)
                        .put("InternalPort", port)
                        .put("ExternalPort", hostPort)
                        .optional("VIP", address)
                        .build());
    }

    /** What leaves the endpoint has the host's address, but for what goes to these prefixes. */
    public static EndpointPolicy outboundNat(List<String> exceptions) {
        return new EndpointPolicy(
                "OutBoundNAT",
                JsonObject.builder().strings("Exceptions", exceptions).build());
    }

    /** What goes to a prefix leaves by the host's own link, encapsulated. */
    public static EndpointPolicy sdnRoute(String destinationPrefix) {
        return new EndpointPolicy(
                "SDNRoute",
                JsonObject.builder()
                        .put("DestinationPrefix", destinationPrefix)
                        .put("NeedEncap", true)
                        .build());
    }

    /** What may come in or go out. */
    public static EndpointPolicy acl(AclRule rule) {
        return new EndpointPolicy("ACL", rule.toJson());
    }

    /** Reads one, of any kind; see {@link JsonCursor} for what is thrown. */
    public static EndpointPolicy read(JsonCursor at) {
        ObjectReader object = at.object();
        return new EndpointPolicy(object.string("Type"), object.optional("Settings", JsonCursor::value));
    }

    /** As the schema writes it. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("Type", type)
                .optional("Settings", settings)
                .build();
    }
}
