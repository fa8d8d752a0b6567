package org.felucca.shell.parse;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Readers for the values of options. Each answers nothing for a text that is no such value. Stateless. */
public final class Values {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(?:([kmgtp])(?:i?b)?|b)?");
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?|\\.\\d{1,9}");
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,18}");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(h|ms|m|s|us|µs|ns)");
    private static final BigDecimal BILLION = BigDecimal.valueOf(1_000_000_000);
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Values() {}

    /** Reads a whole number, possibly negative. */
    public static OptionalLong integer(String text) {
        return INTEGER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** Reads bytes: {@code 512}, {@code 64k}, {@code 1.5GiB}; units are powers of 1024, as docker's. -1 is unlimited. */
    public static OptionalLong size(String text) {
        if (text.equals("-1")) {
            return OptionalLong.of(-1);
        }
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2);
        int power = unit == null ? 0 : "kmgtp".indexOf(unit) + 1;
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1L << (10 * power)));
        return bytes.compareTo(LONGEST) > 0 ? OptionalLong.empty() : OptionalLong.of(bytes.longValue());
    }

    /** Reads a decimal number of at most nine digits on each side of the point as billionths. */
    public static OptionalLong billionths(String text) {
        return DECIMAL.matcher(text).matches()
                ? OptionalLong.of(new BigDecimal(text).multiply(BILLION).longValueExact())
                : OptionalLong.empty();
    }

    /** Reads a time span: seconds as a whole number (-1 is without end), or parts such as {@code 1h2m3.5s}, {@code 10ms}. */
    public static Optional<Duration> duration(String text) {
        OptionalLong seconds = integer(text);
        if (seconds.isPresent()) {
            return seconds.getAsLong() < -1 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds.getAsLong()));
        }
        Matcher matcher = DURATION_PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                return Optional.empty();
            }
            nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(nanosOf(matcher.group(2))));
            at = matcher.end();
        }
        return text.isEmpty() || nanos.compareTo(LONGEST) > 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(nanos.longValue()));
    }

    private static BigDecimal nanosOf(String unit) {
        return switch (unit) {
            case "h" -> BigDecimal.valueOf(3_600_000_000_000L);
            case "m" -> BigDecimal.valueOf(60_000_000_000L);
            case "s" -> BILLION;
            case "ms" -> BigDecimal.valueOf(1_000_000);
            case "ns" -> BigDecimal.ONE;
            default -> BigDecimal.valueOf(1_000);
        };
    }

    /** Reads a switch as Go does: {@code true}, {@code 1}, {@code t}, and their opposites. */
    public static Optional<Boolean> flag(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(Boolean.TRUE);
            case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(Boolean.FALSE);
            default -> Optional.empty();
        };
    }
}
