package org.felucca.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.FormatterLogger;
import org.slf4j.LoggerFactory;

class BridgedLoggerTest {
    private static final String NAME = "bridged.test";
    private final Logger target = (Logger) LoggerFactory.getLogger(NAME);
    private final ListAppender<ILoggingEvent> seen = new ListAppender<>();
    private final FrameworkLog log = new FrameworkLog();

    @BeforeEach
    void listen() {
        target.setAdditive(false);
        target.setLevel(Level.INFO);
        target.addAppender(seen);
        seen.start();
    }

    @AfterEach
    void stopListening() {
        target.detachAppender(seen);
    }

    @Test
    void error_withTrailingThrowable_logsItAsCause() {
        IllegalStateException cause = new IllegalStateException("why");
        log.getLogger(NAME).error("{} failed in {}", "start", "bundle 7", cause);
        ILoggingEvent event = only();
        assertEquals("start failed in bundle 7", event.getFormattedMessage());
        assertEquals(Level.ERROR, event.getLevel());
        assertSame(
                cause,
                assertInstanceOf(ThrowableProxy.class, event.getThrowableProxy())
                        .getThrowable());
    }

    @Test
    void info_withBracesInArgument_leavesThemAlone() {
        log.getLogger(NAME).info("value {}", "{}");
        assertEquals("value {}", only().getFormattedMessage());
    }

    @Test
    void warn_ofFormatterLogger_formatsAsPrintf() {
        log.getLogger(NAME, FormatterLogger.class).warn("%d of %s", 3, "four");
        assertEquals("3 of four", only().getFormattedMessage());
    }

    @Test
    void debug_belowLevel_logsNothing() {
        log.getLogger(NAME).debug("quiet");
        log.getLogger(NAME).debug(logger -> logger.error("never asked"));
        assertEquals(List.of(), seen.list);
    }

    @Test
    void slfLevel_ofEveryServiceLevel_keepsItsRank() {
        assertEquals(
                List.of("INFO", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"),
                List.of(0, 1, 2, 3, 4, 5).stream()
                        .map(level -> BridgedLogger.slfLevel(level).name())
                        .toList());
    }

    private ILoggingEvent only() {
        assertEquals(1, seen.list.size());
        return seen.list.get(0);
    }
}
