package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | ''",
                "ratelimit-limit: 100;w=21600~ratelimit-remaining: 76;w=21600 | limit 100;w=21600, remaining 76 | ''",
                "ratelimit-limit: 100;w=21600~ratelimit-remaining: 0;w=21600 | limit 100;w=21600, remaining 0 | ''",
                "RateLimit-Limit: 10~RateLimit-Remaining: 0~RateLimit-Reset: 30 | limit 10, remaining 0 | PT30S",
                "RateLimit-Remaining: 1~RateLimit-Reset: 30 | remaining 1 | ''",
                "RateLimit: limit=100, remaining=0, reset=50 | remaining 0 | PT50S",
                "RateLimit: limit=100, remaining=5, reset=50 | remaining 5 | ''",
                "RateLimit: \"default\";r=0;t=7 | remaining 0 | PT7S",
                "RateLimit: \"default\";r=3;t=7 | remaining 3 | ''",
                "RateLimit-Remaining: none | '' | ''",
                "RateLimit-Remaining: 99999999999999999999 | '' | ''",
            })
    void of_headers_isWhatTheySay(String headers, String words, String pause) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        Arrays.stream(headers.split("~")).filter(line -> !line.isEmpty()).forEach(line -> {
            String[] pair = line.split(": ", 2);
            map.put(pair[0], List.of(pair[1]));
        });
        RateLimit limit = RateLimit.of(HttpHeaders.of(map, (name, value) -> true));
        assertEquals(words, limit.words());
        assertEquals(pause.isEmpty() ? Optional.empty() : Optional.of(Duration.parse(pause)), limit.pause());
    }
}
