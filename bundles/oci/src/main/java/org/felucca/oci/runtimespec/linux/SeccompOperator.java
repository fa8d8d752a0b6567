package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** How an argument of a system call is compared. */
public enum SeccompOperator {
    /** Differs. */
    NOT_EQUAL("SCMP_CMP_NE"),
    /** Is less. */
    LESS_THAN("SCMP_CMP_LT"),
    /** Is less or equal. */
    LESS_OR_EQUAL("SCMP_CMP_LE"),
    /** Is equal. */
    EQUAL("SCMP_CMP_EQ"),
    /** Is greater or equal. */
    GREATER_OR_EQUAL("SCMP_CMP_GE"),
    /** Is greater. */
    GREATER_THAN("SCMP_CMP_GT"),
    /** Is equal to the second value under the mask of the first. */
    MASKED_EQUAL("SCMP_CMP_MASKED_EQ");

    private final String id;

    SeccompOperator(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static SeccompOperator read(JsonCursor at) {
        return at.oneOf(values(), SeccompOperator::id);
    }
}
