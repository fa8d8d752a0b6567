package org.felucca.api.network;

import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * The name of a network within its provider; the grammar is CNI's.
 *
 * @param value 1 to 128 letters, digits, dots, dashes, underscores, starting with a letter or digit
 */
public record NetworkName(String value) implements Comparable<NetworkName> {
    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    /** Validates. */
    public NetworkName {
        if (!GRAMMAR.matcher(value).matches()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid network name '" + value + "'",
                    "a name has 1 to 128 letters, digits, '.', '_' or '-' and starts with a letter or digit");
        }
    }

    /**
     * Makes a name.
     *
     * @throws FeluccaException INVALID_ARGUMENT if the text is not a name
     */
    public static NetworkName of(String value) {
        return new NetworkName(value);
    }

    @Override
    public int compareTo(NetworkName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
