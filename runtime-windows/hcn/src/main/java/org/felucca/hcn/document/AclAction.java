package org.felucca.hcn.document;

/**
 * What becomes of a packet.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#ActionType">ActionType</a>
 */
public enum AclAction {
    /** It goes on. */
    ALLOW("Allow"),

    /** It does not. */
    BLOCK("Block");

    private final String id;

    AclAction(String id) {
        this.id = id;
    }

    /** Its name in the schema. */
    public String id() {
        return id;
    }
}
