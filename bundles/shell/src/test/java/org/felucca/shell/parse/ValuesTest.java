package org.felucca.shell.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "512, 512",
        "1b, 1",
        "1k, 1024",
        "1K, 1024",
        "1kb, 1024",
        "1KiB, 1024",
        "64m, 67108864",
        "1.5g, 1610612736",
        "2TiB, 2199023255552",
        "1p, 1125899906842624",
        "-1, -1",
        "32 m, 33554432"
    })
    void size_inEveryUnit_isBytes(String text, long bytes) {
        assertEquals(OptionalLong.of(bytes), Values.size(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-2", "1x", "1kk", "1e3", "0x10", "99999999p", "1.m", ".5m"})
    void size_malformed_isNone(String text) {
        assertEquals(OptionalLong.empty(), Values.size(text));
    }

    @ParameterizedTest
    @CsvSource({"1, 1000000000", "0.5, 500000000", ".25, 250000000", "1.000000001, 1000000001"})
    void billionths_ofDecimals_areExact(String text, long billionths) {
        assertEquals(OptionalLong.of(billionths), Values.billionths(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "-1", "1e3", "1.0000000001", "9999999999", "1,5"})
    void billionths_malformed_isNone(String text) {
        assertEquals(OptionalLong.empty(), Values.billionths(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "10, PT10S",
        "-1, PT-1S",
        "1m30s, PT1M30S",
        "2h, PT2H",
        "500ms, PT0.5S",
        "1.5s, PT1.5S",
        "1h2m3s4ms, PT1H2M3.004S",
        "7us, PT0.000007S",
        "9ns, PT0.000000009S"
    })
    void duration_inEveryForm_isExact(String text, String duration) {
        assertEquals(Optional.of(Duration.parse(duration)), Values.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-2", "1x", "1m30", "1 m", "m1", "99999999999h"})
    void duration_malformed_isNone(String text) {
        assertEquals(Optional.empty(), Values.duration(text));
    }

    @Test
    void nearest_ofMistypedWords_isTheOneMeant() {
        List<String> verbs = List.of("run", "rm", "rmi", "images", "inspect", "version");
        assertEquals(Optional.of("run"), Suggestion.nearest("rnu", verbs));
        assertEquals(Optional.of("images"), Suggestion.nearest("image", verbs));
        assertEquals(Optional.of("version"), Suggestion.nearest("ver", verbs));
        assertEquals(Optional.of("inspect"), Suggestion.nearest("inspcet", verbs));
        assertTrue(Suggestion.nearest("deploy", verbs).isEmpty());
    }
}
