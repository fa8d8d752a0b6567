package org.felucca.oci.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.felucca.oci.OciFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/amd64",
        "linux/x86_64, linux/amd64",
        "Linux/AMD64/v1, linux/amd64",
        "linux/amd64/v3, linux/amd64/v3",
        "linux/aarch64, linux/arm64",
        "linux/arm64/v8, linux/arm64",
        "linux/arm64/v9, linux/arm64/v9",
        "linux/arm, linux/arm/v7",
        "linux/arm/6, linux/arm/v6",
        "linux/armhf, linux/arm/v7",
        "linux/armel, linux/arm/v6",
        "linux/i386, linux/386",
        "macos/arm64, darwin/arm64",
        "windows(10.0.17763)/amd64, windows(10.0.17763)/amd64",
        "windows(10.0.17763+win32k)/amd64, windows(10.0.17763+win32k)/amd64",
        "linux(+b+a)/amd64, linux(+a+b)/amd64",
        "linux(a%2Bb)/amd64, linux(a%2Bb)/amd64",
        "other/thing/v1, other/thing/v1",
    })
    void parse_validText_normalisesAndReadsItselfBack(String text, String normal) {
        Platform platform = Platform.parse(text);
        assertEquals(normal, platform.toString());
        assertEquals(platform, Platform.parse(platform.toString()));
    }

    @Test
    void parse_oneWord_takesTheRestFromTheHost() {
        Platform host = Platform.host();
        assertEquals(host.architecture(), Platform.parse("linux").architecture());
        assertEquals(new Platform(host.os(), "arm64", "", "", List.of()), Platform.parse("arm64"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nosuch", "linux/", "/amd64", "linux/amd64/v1/x", "linux/am d64", "*", "linux(", "a(%4)/b"})
    void parse_malformed_isRefused(String text) {
        assertThrows(OciFormatException.class, () -> Platform.parse(text));
    }

    @Test
    void best_onArm64_prefersItsOwnThenTheNearest32BitVariant() {
        assertBest("linux/arm64", "linux/arm64", "linux/amd64", "linux/arm/v7", "linux/arm64");
        assertBest("linux/arm64", "linux/arm/v7", "linux/arm/v5", "linux/arm/v7", "linux/arm/v6");
        assertBest("linux/arm64/v9", "linux/arm64/v8.5", "linux/arm64/v8.6", "linux/arm64/v8.5", "linux/arm64");
    }

    @Test
    void best_onArm_takesLowerButNoHigherVariants() {
        assertBest("linux/arm/v6", "linux/arm/v5", "linux/arm/v7", "linux/arm/v5");
        assertFalse(Platform.parse("linux/arm/v6").matcher().matches(Platform.parse("linux/arm/v7")));
    }

    @Test
    void best_onAmd64_takesBaselineAnd386ButNoHigherLevel() {
        assertBest("linux/amd64/v3", "linux/amd64/v2", "linux/amd64/v4", "linux/amd64", "linux/amd64/v2");
        assertBest("linux/amd64", "linux/386", "linux/amd64/v2", "linux/386", "windows/amd64");
    }

    @Test
    void best_withOsFeatures_needsThemAllAndPrefersMore() {
        Platform host = Platform.parse("linux(+a+b)/amd64");
        assertTrue(host.matcher().matches(Platform.parse("linux(+b)/amd64")));
        assertFalse(host.matcher().matches(Platform.parse("linux(+c)/amd64")));
        assertBest("linux(+a+b)/amd64", "linux(+a)/amd64", "linux/amd64", "linux(+a)/amd64", "linux(+c)/amd64");
    }

    @Test
    void matches_windowsBuilds_followTheStableAbi() {
        assertRuns("10.0.17763.1", "10.0.17763.999", true);
        assertRuns("10.0.17763", "10.0.14393", false);
        assertRuns("10.0.20348", "10.0.17763", false);
        assertRuns("10.0.22621", "10.0.20348", true);
        assertRuns("10.0.26100", "10.0.20348", true);
        assertRuns("10.0.26200", "10.0.20348", false);
        assertRuns("10.0.26200", "10.0.26100", true);
        assertRuns("10.0.20348", "10.0.26100", false);
        assertRuns("", "10.0.20348", true);
    }

    @Test
    void strict_otherVariants_doNotMatch() {
        PlatformMatcher matcher = PlatformMatcher.strict(Platform.parse("linux/arm64"));
        assertTrue(matcher.matches(Platform.parse("linux/arm64/v8")));
        assertFalse(matcher.matches(Platform.parse("linux/arm/v7")));
    }

    private static void assertRuns(String host, String image, boolean expected) {
        Platform hostPlatform = new Platform("windows", "amd64", "", host, List.of());
        Platform imagePlatform = new Platform("windows", "amd64", "", image, List.of("win32k"));
        assertEquals(expected, hostPlatform.matcher().matches(imagePlatform), host + " runs " + image);
    }

    private static void assertBest(String host, String expected, String... candidates) {
        List<Platform> platforms =
                List.of(candidates).stream().map(Platform::parse).toList();
        assertEquals(
                Optional.of(Platform.parse(expected)),
                Platform.parse(host).matcher().best(platforms, Function.identity()));
    }
}
