package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Execution domain of personality(2). */
public enum PersonalityDomain {
    /** The standard one. */
    LINUX("LINUX"),
    /** uname says 32 bit. */
    LINUX32("LINUX32");

    private final String id;

    PersonalityDomain(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static PersonalityDomain read(JsonCursor at) {
        return at.oneOf(values(), PersonalityDomain::id);
    }
}
