package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {

    @Test
    void parse_bearerWithQuotedCommas_keepsThemTogether() {
        assertEquals(
                List.of(new Challenge(
                        "bearer",
                        Map.of(
                                "realm", "https://auth.docker.io/token",
                                "service", "registry.docker.io",
                                "scope", "repository:samalba/my-app:pull,push"))),
                Challenge.parse(List.of("Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
                        + " scope=\"repository:samalba/my-app:pull,push\"")));
    }

    @Test
    void parse_severalInOneHeader_areAllSeen() {
        assertEquals(
                List.of(
                        new Challenge("basic", Map.of("realm", "a \"b\" c")),
                        new Challenge("negotiate", Map.of()),
                        new Challenge("bearer", Map.of("realm", "x", "error", "invalid_token"))),
                Challenge.parse(List.of(
                        "Basic realm=\"a \\\"b\\\" c\", Negotiate", "Bearer realm=x , error = \"invalid_token\"")));
    }

    @Test
    void parse_malformed_endsWithoutLooping() {
        assertEquals(List.of(), Challenge.parse(List.of("", ",,", "=\"")));
        assertEquals(
                List.of(new Challenge("bearer", Map.of("realm", "x"))), Challenge.parse(List.of("Bearer realm=\"x")));
    }
}
