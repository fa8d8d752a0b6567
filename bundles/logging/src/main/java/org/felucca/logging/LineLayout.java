package org.felucca.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.KeyValuePair;

/**
 * One line for each event, and a stack trace where there is one:
 *
 * <pre>
 * 2026-11-25 02:39:14.521 WARN  Supervisor: [container=web-1, namespace=default] health check failed
 * </pre>
 *
 * <p>The keys are those of the MDC and of the event, sorted; without any there are no brackets. Control characters of the message,
 * which could forge lines or steer a terminal, become spaces. Written in Java because a pattern costs a tenth of a second at the
 * start, for the sake of converters that are never used. Safe for use by any thread.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");
    private static final int LEVEL_WIDTH = 5;

    private final ZoneId zone;

    LineLayout(ZoneId zone) {
        this.zone = zone;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(128);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()).atZone(zone), line);
        String level = event.getLevel().toString();
        line.append(' ')
                .append(level)
                .append(" ".repeat(LEVEL_WIDTH - level.length()))
                .append(' ');
        String logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(": ");
        appendKeys(line, event);
        appendSafe(line, String.valueOf(event.getFormattedMessage()));
        line.append(CoreConstants.LINE_SEPARATOR);
        IThrowableProxy throwable = event.getThrowableProxy();
        if (throwable != null) {
            line.append(ThrowableProxyUtil.asString(throwable)).append(CoreConstants.LINE_SEPARATOR);
        }
        return line.toString();
    }

    private static void appendKeys(StringBuilder line, ILoggingEvent event) {
        Map<String, String> keys = new TreeMap<>(event.getMDCPropertyMap());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                keys.put(pair.key, String.valueOf(pair.value));
            }
        }
        if (!keys.isEmpty()) {
            String text = keys.toString();
            line.append('[');
            appendSafe(line, text.substring(1, text.length() - 1));
            line.append("] ");
        }
    }

    private static void appendSafe(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
    }
}
