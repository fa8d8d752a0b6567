package org.felucca.hcn.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * The kind of a network.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#NetworkMode">NetworkMode</a>
 */
public enum NetworkType {
    /** Behind an address of the host. */
    NAT("NAT"),

    /** On the link of an adapter of the host. */
    TRANSPARENT("Transparent"),

    /** On the link of an adapter of the host, with its hardware address. */
    L2_BRIDGE("L2Bridge");

    private final String id;

    NetworkType(String id) {
        this.id = id;
    }

    /** Its name in the schema. */
    public String id() {
        return id;
    }

    /** Its name as a JSON value. */
    public JsonValue value() {
        return new JsonString(id);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. */
    public static NetworkType read(JsonCursor at) {
        return at.oneOf(values(), NetworkType::id);
    }
}
