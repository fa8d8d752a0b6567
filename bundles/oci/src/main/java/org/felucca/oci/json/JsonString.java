package org.felucca.oci.json;

import org.felucca.oci.OciFormatException;

/**
 * A JSON string.
 *
 * @param value its text without quotes and escapes; a sequence of Unicode scalar values (no lone surrogate), so that
 *     it can always be written as UTF-8
 */
public record JsonString(String value) implements JsonValue {
    /**
     * @throws OciFormatException if the text holds a lone surrogate
     */
    public JsonString {
        requireScalar(value);
    }

    static void requireScalar(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            throw new OciFormatException(
                    "string " + OciFormatException.quote(text),
                    null,
                    "it holds half of a surrogate pair, which has no UTF-8 form",
                    "write the whole character");
        }
    }
}
