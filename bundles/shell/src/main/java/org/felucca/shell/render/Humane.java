package org.felucca.shell.render;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Numbers and times as people read them. Stateless. */
final class Humane {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final int ID_DIGITS = 12;

    private Humane() {}

    /** Bytes in decimal units with three significant digits, as docker writes them: {@code 7.83MB}. */
    static String bytes(long count) {
        double value = count;
        int unit = 0;
        while (Math.abs(value) >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        String digits = String.format(Locale.ROOT, "%." + decimals + "f", value);
        if (digits.indexOf('.') >= 0) {
            digits = digits.replaceAll("0+$", "").replaceAll("\\.$", "");
        }
        return digits + UNITS[unit];
    }

    /** A span as its largest sensible unit: {@code 5 minutes}. */
    static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        long minutes = seconds / 60;
        long hours = Math.round(seconds / 3600.0);
        long days = hours / 24;
        if (seconds < 1) {
            return "less than a second";
        } else if (seconds < 60) {
            return count(seconds, "second");
        } else if (minutes < 60) {
            return minutes == 1 ? "about a minute" : minutes + " minutes";
        } else if (hours < 48) {
            return hours <= 1 ? "about an hour" : hours + " hours";
        } else if (days < 14) {
            return days + " days";
        } else if (days < 60) {
            return days / 7 + " weeks";
        } else if (days < 730) {
            return days / 30 + " months";
        }
        return days / 365 + " years";
    }

    private static String count(long n, String unit) {
        return n + " " + unit + (n == 1 ? "" : "s");
    }

    /** How long before now an RFC 3339 time was; the text itself if it is no time. */
    static String ago(String time, Instant now) {
        try {
            return span(Duration.between(Instant.parse(time), now)) + " ago";
        } catch (DateTimeParseException e) {
            return time;
        }
    }

    /** The first 12 digits of an id, or of a digest without its algorithm. */
    static String shortId(String id) {
        int colon = id.indexOf(':');
        String digits = colon < 0 ? id : id.substring(colon + 1);
        return digits.length() <= ID_DIGITS ? digits : digits.substring(0, ID_DIGITS);
    }
}
