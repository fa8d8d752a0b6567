package org.felucca.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path config;

    @Test
    void parse_withoutFile_takesTheCommandLine() throws LaunchException {
        Settings settings = Settings.parse(arguments());
        assertEquals(Path.of("/r"), settings.root());
        assertEquals(Path.of("/s"), settings.state());
        assertEquals("unix:///s/x.sock", settings.address());
        assertEquals(Duration.ofSeconds(30), settings.stopDeadline());
        assertEquals(Map.of(), settings.framework());
    }

    @Test
    void parse_withFile_takesFrameworkPropertiesAndDeadline() throws Exception {
        write("felucca.stop.deadline = 5\nfelix.log.level=4\n");
        Settings settings = Settings.parse(arguments());
        assertEquals(Duration.ofSeconds(5), settings.stopDeadline());
        assertEquals(Map.of("felix.log.level", "4"), settings.framework());
    }

    @Test
    void parse_withForeignFeluccaProperty_refusesItByName() throws IOException {
        write("felucca.root=/elsewhere\n");
        assertRefused(arguments(), "felucca.root", "felucca.properties");
    }

    @Test
    void parse_withUnusableDeadline_refusesIt() throws IOException {
        for (String value : List.of("soon", "0", "-1", "1.5")) {
            write("felucca.stop.deadline=" + value + "\n");
            assertRefused(arguments(), "felucca.stop.deadline=" + value);
        }
    }

    @Test
    void parse_withMalformedFile_namesIt() throws IOException {
        write("key=\\u12x4\n");
        assertRefused(arguments(), "cannot read", "felucca.properties");
    }

    @Test
    void parse_withUnknownOption_refusesIt() {
        List<String> arguments = arguments();
        arguments.add("--rot");
        arguments.add("/r");
        assertRefused(arguments, "unknown option --rot");
    }

    @Test
    void parse_withRelativePath_refusesIt() {
        List<String> arguments = arguments();
        arguments.set(arguments.indexOf("--root") + 1, "here");
        assertRefused(arguments, "--root here", "not an absolute path");
    }

    @Test
    void parse_withMissingOptionOrValue_refusesIt() {
        assertRefused(arguments().subList(0, 8), "--address missing");
        assertRefused(arguments().subList(0, 9), "--address: value missing");
    }

    private void write(String text) throws IOException {
        Files.writeString(config.resolve(Settings.FILE), text);
    }

    private List<String> arguments() {
        return new ArrayList<>(List.of(
                "--home",
                "/h",
                "--root",
                "/r",
                "--state",
                "/s",
                "--config",
                config.toString(),
                "--address",
                "unix:///s/x.sock"));
    }

    private static void assertRefused(List<String> arguments, String... parts) {
        String message = assertThrows(LaunchException.class, () -> Settings.parse(arguments))
                .getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }
}
