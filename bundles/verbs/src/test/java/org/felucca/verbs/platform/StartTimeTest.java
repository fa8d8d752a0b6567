package org.felucca.verbs.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTimeTest {
    @TempDir
    Path proc;

    @Test
    void ago_ofFirstJvm_countsFromTheStartOfTheCommand() throws IOException {
        process("7", "(a b) c", 1000);
        process("self", "java", 1100);
        uptime("12.34 99.00");
        Map<String, String> environment = Map.of("FELUCCA_STARTS", "1", "FELUCCA_SUPERVISE_PID", "7");
        assertEquals(
                Optional.of(Duration.ofMillis(2340)),
                StartTime.ofDaemon(proc, environment).ago());
    }

    @Test
    void ago_ofLaterJvm_countsFromItsOwnStart() throws IOException {
        process("7", "supervise", 1000);
        process("self", "java", 1100);
        uptime("12.34 99.00");
        Map<String, String> environment = Map.of("FELUCCA_STARTS", "2", "FELUCCA_SUPERVISE_PID", "7");
        assertEquals(
                Optional.of(Duration.ofMillis(1340)),
                StartTime.ofDaemon(proc, environment).ago());
        assertEquals(
                Optional.of(Duration.ofMillis(1340)),
                StartTime.ofDaemon(proc, Map.of()).ago());
    }

    @Test
    void ago_withoutProcfs_isUnknown() {
        assertEquals(Optional.empty(), StartTime.ofDaemon(proc, Map.of()).ago());
    }

    @Test
    void ago_ofThisProcess_isNotInTheFuture() {
        Duration ago = StartTime.ofDaemon(Path.of("/proc"), Map.of()).ago().orElseThrow();
        assertTrue(!ago.isNegative() && ago.compareTo(Duration.ofHours(12)) < 0, ago.toString());
    }

    private void process(String pid, String name, int start) throws IOException {
        Path directory = Files.createDirectory(proc.resolve(pid));
        String before = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 ";
        Files.writeString(directory.resolve("stat"), "7 (" + name + ") " + before + start + " 20 21\n");
    }

    private void uptime(String text) throws IOException {
        Files.writeString(proc.resolve("uptime"), text + "\n");
    }
}
