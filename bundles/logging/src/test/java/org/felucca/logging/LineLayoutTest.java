package org.felucca.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LineLayoutTest {
    private final LineLayout layout = new LineLayout(ZoneOffset.UTC);

    @Test
    void layout_withoutKeys_isTimeLevelNameMessage() {
        assertEquals("2026-01-02 03:04:05.678 WARN  Door: open\n", layout.doLayout(event("open", null, Map.of())));
    }

    @Test
    void layout_withKeys_sortsThoseOfContextAndEvent() {
        LoggingEvent event = event("open", null, Map.of("namespace", "default"));
        event.setKeyValuePairs(List.of(new KeyValuePair("container", "web-1")));
        assertTrue(layout.doLayout(event).endsWith(" Door: [container=web-1, namespace=default] open\n"));
    }

    @Test
    void layout_withControlCharacters_keepsOneLine() {
        LoggingEvent event = event("a\r\n2026 ERROR forged\u001b[31m", null, Map.of("key", "x\ny"));
        assertTrue(layout.doLayout(event).endsWith(" Door: [key=x y] a  2026 ERROR forged [31m\n"));
    }

    @Test
    void layout_withThrowable_appendsItsTrace() {
        String[] lines = layout.doLayout(event("open", new IllegalStateException("why"), Map.of()))
                .split("\n");
        assertEquals("java.lang.IllegalStateException: why", lines[1]);
        assertTrue(lines[2].contains("at org.felucca.logging.LineLayoutTest"), lines[2]);
    }

    private static LoggingEvent event(String message, @Nullable Throwable throwable, Map<String, String> keys) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event =
                new LoggingEvent("", context.getLogger("house.Door"), Level.WARN, message, throwable, new Object[0]);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        event.setMDCPropertyMap(keys);
        return event;
    }
}
