package org.felucca.api.metadata;

import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * A tenant: every image and container belongs to one, and clients of one do not see those of another. The grammar is
 * containerd's for identifiers.
 *
 * @param value 1 to 76 letters, digits, and single dots, dashes or underscores between them
 */
public record NamespaceName(String value) {
    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*");

    /** Where the command line lives unless told otherwise. */
    public static final NamespaceName DEFAULT = new NamespaceName("default");

    /** Validates. */
    public NamespaceName {
        if (value.length() > 76 || !GRAMMAR.matcher(value).matches()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid namespace '" + value + "'",
                    "a namespace has 1 to 76 letters, digits, and single . _ - between them");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
