package org.felucca.verbs.container;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.felucca.verbs.request.Invalid;

/**
 * Points in time as docker writes them: RFC 3339 with or without its parts (UTC then), seconds since 1970 with a
 * fraction, or how long ago ({@code 1m30s}). Stateless.
 */
final class TimeText {
    private static final Pattern EPOCH = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?");
    private static final Pattern AGO = Pattern.compile("(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");

    private TimeText() {}

    static Instant parse(String option, String text, Instant now) {
        Matcher epoch = EPOCH.matcher(text);
        if (epoch.matches()) {
            String fraction = epoch.group(2) == null ? "0" : epoch.group(2);
            long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
            return Instant.ofEpochSecond(Long.parseLong(epoch.group(1)), nanos);
        }
        Matcher ago = AGO.matcher(text);
        if (!text.isEmpty() && ago.matches()) {
            return now.minusSeconds(part(ago.group(1)) * 3600 + part(ago.group(2)) * 60 + part(ago.group(3)));
        }
        try {
            if (text.length() <= 10) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            boolean zoned = text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d");
            return zoned
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw Invalid.option(
                    option,
                    text,
                    "it is no time",
                    "write 2026-01-02T15:04:05Z, seconds since 1970, or how long ago: 10m");
        }
    }

    private static long part(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
