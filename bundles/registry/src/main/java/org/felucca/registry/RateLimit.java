package org.felucca.registry;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says of its limits: the fields of the IETF drafts in all their forms, and Docker Hub's.
 *
 * <pre>
 *   RateLimit-Limit: 100;w=21600      RateLimit-Remaining: 0      RateLimit-Reset: 30
 *   RateLimit: limit=100, remaining=0, reset=30
 *   RateLimit: "default";r=0;t=30
 * </pre>
 *
 * @param words for people: {@code limit 100;w=21600, remaining 0}; empty if nothing is said
 * @param pause how long nothing is left, if nothing is
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit header fields</a>
 */
record RateLimit(String words, Optional<Duration> pause) {
    private static final Pattern LEADING = Pattern.compile("\\s*([0-9]{1,9})\\s*(?:[;,].*)?");
    private static final Pattern REMAINING = Pattern.compile("(?:^|[;,\\s])(?:remaining|r)\\s*=\\s*([0-9]{1,9})");
    private static final Pattern RESET = Pattern.compile("(?:^|[;,\\s])(?:reset|t)\\s*=\\s*([0-9]{1,9})");

    static RateLimit of(HttpHeaders headers) {
        String combined = headers.firstValue("RateLimit").orElse("");
        String limit = headers.firstValue("RateLimit-Limit").orElse("");
        Optional<Long> remaining = number(
                        LEADING, headers.firstValue("RateLimit-Remaining").orElse(""))
                .or(() -> number(REMAINING, combined));
        Optional<Long> reset = number(
                        LEADING, headers.firstValue("RateLimit-Reset").orElse(""))
                .or(() -> number(RESET, combined));
        String words = (limit.isEmpty() ? "" : "limit " + limit)
                + (remaining.isEmpty() ? "" : (limit.isEmpty() ? "" : ", ") + "remaining " + remaining.orElseThrow());
        boolean spent = remaining.filter(left -> left == 0).isPresent();
        return new RateLimit(words, spent ? reset.map(Duration::ofSeconds) : Optional.empty());
    }

    private static Optional<Long> number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        boolean found = pattern == LEADING ? matcher.matches() : matcher.find();
        return found ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
    }
}
