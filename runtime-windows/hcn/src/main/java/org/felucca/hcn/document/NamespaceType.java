package org.felucca.hcn.document;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * The kind of a namespace.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#NamespaceType">NamespaceType</a>
 */
public enum NamespaceType {
    /** A compartment of the host. */
    HOST("Host"),

    /** The compartment that the host is in. */
    HOST_DEFAULT("HostDefault"),

    /** For a utility VM. */
    GUEST("Guest"),

    /** For a utility VM, the one it is in. */
    GUEST_DEFAULT("GuestDefault");

    private final String id;

    NamespaceType(String id) {
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
    public static NamespaceType read(JsonCursor at) {
        return at.oneOf(values(), NamespaceType::id);
    }
}
