package org.felucca.logging;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LoggerConsumer;
import org.slf4j.event.Level;
import org.slf4j.helpers.MessageFormatter;

/** One OSGi logger over one slf4j logger. AUDIT, which is never suppressed there, becomes INFO here. Safe for use by any thread. */
final class BridgedLogger implements FormatterLogger {
    /** How the arguments of a message are put into it. */
    enum Style {
        /** {@code {}} for each argument. */
        BRACES {
            @Override
            String format(String message, @Nullable Object[] arguments) {
                return MessageFormatter.basicArrayFormat(message, arguments);
            }
        },
        /** As {@link java.util.Formatter} does. */
        PRINTF {
            @Override
            String format(String message, @Nullable Object[] arguments) {
                return String.format(message, arguments);
            }
        };

        abstract String format(String message, @Nullable Object[] arguments);
    }

    private final org.slf4j.Logger target;
    private final Style style;

    BridgedLogger(org.slf4j.Logger target, Style style) {
        this.target = target;
        this.style = style;
    }

    /** The slf4j level of one of the level numbers of the log service (1 is an error, 4 and more are debugging). */
    static Level slfLevel(int level) {
        return switch (level) {
            case 0, 3 -> Level.INFO;
            case 1 -> Level.ERROR;
            case 2 -> Level.WARN;
            default -> level < 0 ? Level.INFO : level == 4 ? Level.DEBUG : Level.TRACE;
        };
    }

    /**
     * Logs one message. As the log specification says, a throwable at the end of the arguments, or before it beside a service
     * reference, is what the message is about and no argument of it.
     */
    private void log(Level level, String message, @Nullable Object... arguments) {
        if (!target.isEnabledForLevel(level)) {
            return;
        }
        Throwable cause = null;
        int end = arguments.length;
        while (end > 0 && (arguments[end - 1] instanceof Throwable || arguments[end - 1] instanceof ServiceReference)) {
            end--;
            if (arguments[end] instanceof Throwable throwable) {
                cause = throwable;
            }
        }
        String text = end == 0 ? message : style.format(message, Arrays.copyOf(arguments, end));
        target.atLevel(level).setCause(cause).log(text);
    }

    @Override
    public String getName() {
        return target.getName();
    }

    @Override
    public boolean isErrorEnabled() {
        return target.isErrorEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
        return target.isWarnEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return target.isInfoEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return target.isDebugEnabled();
    }

    @Override
    public boolean isTraceEnabled() {
        return target.isTraceEnabled();
    }

    @Override
    public void error(String message) {
        log(Level.ERROR, message);
    }

    @Override
    public void error(String format, @Nullable Object argument) {
        log(Level.ERROR, format, argument);
    }

    @Override
    public void error(String format, @Nullable Object first, @Nullable Object second) {
        log(Level.ERROR, format, first, second);
    }

    @Override
    public void error(String format, @Nullable Object... arguments) {
        log(Level.ERROR, format, arguments);
    }

    @Override
    public <E extends Exception> void error(LoggerConsumer<E> consumer) throws E {
        if (isErrorEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public void warn(String message) {
        log(Level.WARN, message);
    }

    @Override
    public void warn(String format, @Nullable Object argument) {
        log(Level.WARN, format, argument);
    }

    @Override
    public void warn(String format, @Nullable Object first, @Nullable Object second) {
        log(Level.WARN, format, first, second);
    }

    @Override
    public void warn(String format, @Nullable Object... arguments) {
        log(Level.WARN, format, arguments);
    }

    @Override
    public <E extends Exception> void warn(LoggerConsumer<E> consumer) throws E {
        if (isWarnEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public void info(String message) {
        log(Level.INFO, message);
    }

    @Override
    public void info(String format, @Nullable Object argument) {
        log(Level.INFO, format, argument);
    }

    @Override
    public void info(String format, @Nullable Object first, @Nullable Object second) {
        log(Level.INFO, format, first, second);
    }

    @Override
    public void info(String format, @Nullable Object... arguments) {
        log(Level.INFO, format, arguments);
    }

    @Override
    public <E extends Exception> void info(LoggerConsumer<E> consumer) throws E {
        if (isInfoEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public void debug(String message) {
        log(Level.DEBUG, message);
    }

    @Override
    public void debug(String format, @Nullable Object argument) {
        log(Level.DEBUG, format, argument);
    }

    @Override
    public void debug(String format, @Nullable Object first, @Nullable Object second) {
        log(Level.DEBUG, format, first, second);
    }

    @Override
    public void debug(String format, @Nullable Object... arguments) {
        log(Level.DEBUG, format, arguments);
    }

    @Override
    public <E extends Exception> void debug(LoggerConsumer<E> consumer) throws E {
        if (isDebugEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public void trace(String message) {
        log(Level.TRACE, message);
    }

    @Override
    public void trace(String format, @Nullable Object argument) {
        log(Level.TRACE, format, argument);
    }

    @Override
    public void trace(String format, @Nullable Object first, @Nullable Object second) {
        log(Level.TRACE, format, first, second);
    }

    @Override
    public void trace(String format, @Nullable Object... arguments) {
        log(Level.TRACE, format, arguments);
    }

    @Override
    public <E extends Exception> void trace(LoggerConsumer<E> consumer) throws E {
        if (isTraceEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public void audit(String message) {
        log(Level.INFO, message);
    }

    @Override
    public void audit(String format, @Nullable Object argument) {
        log(Level.INFO, format, argument);
    }

    @Override
    public void audit(String format, @Nullable Object first, @Nullable Object second) {
        log(Level.INFO, format, first, second);
    }

    @Override
    public void audit(String format, @Nullable Object... arguments) {
        log(Level.INFO, format, arguments);
    }
}
