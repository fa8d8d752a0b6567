package org.felucca.oci.json;

import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.felucca.oci.OciFormatException;

/**
 * A JSON number, exact: the text is kept as it was written. Two numbers are equal if their texts are.
 *
 * @param text the number in JSON syntax
 */
public record JsonNumber(String text) implements JsonValue {
    private static final Pattern SYNTAX = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final BigDecimal UNSIGNED_MAX = new BigDecimal("18446744073709551615");

    /**
     * @throws OciFormatException if the text is not JSON number syntax
     */
    public JsonNumber {
        if (!SYNTAX.matcher(text).matches()) {
            throw new OciFormatException(
                    "number " + OciFormatException.quote(text),
                    null,
                    "it is not a JSON number",
                    "write it as in RFC 8259");
        }
    }

    /** The number with a signed value. */
    public static JsonNumber of(long value) {
        return new JsonNumber(Long.toString(value));
    }

    /** The number whose value is these 64 bits read as unsigned. */
    public static JsonNumber ofUnsigned(long bits) {
        return new JsonNumber(Long.toUnsignedString(bits));
    }

    /** Its exact value; cost is linear in the length of the text. */
    public BigDecimal decimal() {
        return new BigDecimal(text);
    }

    /** Its value if it is a whole number that fits into a signed 64-bit integer ({@code 1e3} and {@code 5.0} do). */
    public OptionalLong exactLong() {
        if (text.length() < 18 && text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0) {
            return OptionalLong.of(Long.parseLong(text));
        }
        try {
            return OptionalLong.of(decimal().longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Its bits if it is a whole number that fits into an unsigned 64-bit integer. */
    public OptionalLong exactUnsignedLong() {
        OptionalLong signed = exactLong();
        if (signed.isPresent()) {
            return signed.getAsLong() >= 0 ? signed : OptionalLong.empty();
        }
        try {
            BigDecimal value = decimal();
            if (value.signum() < 0 || value.compareTo(UNSIGNED_MAX) > 0) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(value.toBigIntegerExact().longValue());
        } catch (ArithmeticException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
