package org.felucca.hcn.document;

/**
 * Which way a packet goes.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema#DirectionType">DirectionType</a>
 */
public enum AclDirection {
    /** To the endpoint. */
    IN("In"),

    /** From the endpoint. */
    OUT("Out");

    private final String id;

    AclDirection(String id) {
        this.id = id;
    }

    /** Its name in the schema. */
    public String id() {
        return id;
    }
}
