package org.felucca.logging;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSetupTest {
    @TempDir
    Path directory;

    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void giveContext() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void configure_withLevels_setsThem() throws IOException {
        configure("level = warn\nlevel.house.door = debug\n");
        assertFalse(context.getLogger("house").isInfoEnabled());
        assertTrue(context.getLogger("house.door").isDebugEnabled());
    }

    @Test
    void configure_withFile_writesThere() throws IOException {
        Path log = directory.resolve("log");
        configure("file = " + log + "\n");
        context.getLogger("house.Door").info("open");
        String text = Files.readString(log);
        assertTrue(text.endsWith("INFO  Door: open\n"), text);
    }

    @Test
    void configure_withUnusableSettings_saysSoAndKeepsTheRest() throws IOException {
        Path log = directory.resolve("log");
        configure("file = " + log + "\nlevel = loud\ncolour = red\nlevel.house = error\n");
        context.getLogger("house").warn("quiet");
        assertFalse(context.getLogger("house").isWarnEnabled());
        assertTrue(context.getLogger("other").isInfoEnabled());
    }

    @Test
    void configure_withMissingFile_logsAtInfo() {
        LogSetup.configure(context, directory.resolve("none"));
        assertTrue(context.getLogger("house").isInfoEnabled());
        assertFalse(context.getLogger("house").isDebugEnabled());
    }

    private void configure(String text) throws IOException {
        LogSetup.configure(context, Files.writeString(directory.resolve("logging.properties"), text));
    }
}
