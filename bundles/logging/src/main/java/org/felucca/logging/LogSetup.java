package org.felucca.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Properties;

/**
 * Sets logback up from the few lines of {@code etc/logging.properties}: {@code level}, {@code level.<logger>} and {@code file}. Where
 * the system property {@code logback.configurationFile} names a file of logback's own kind, that one rules and this class does
 * nothing; it is left to those who need it, because reading it is a fifth of the daemon's start.
 *
 * <p>A file that cannot be read or has a line that is not understood is reported as the first line of the log; what is understood
 * holds.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
    /** The system property that names the file. */
    static final String FILE = "felucca.logging";

    private static final String LEVEL = "level";

    /** For logback, which finds this class as a service. */
    public LogSetup() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        String file = System.getProperty(FILE);
        if (file == null || System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        configure(context, Path.of(file));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void configure(LoggerContext context, Path file) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        start(console, "console", context);
        root.addAppender(console);
        Logger log = context.getLogger(LogSetup.class);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            log.warn("cannot read {}: {}; logging at level info", file, e.toString());
        }
        for (String key : properties.stringPropertyNames()) {
            String value = properties.getProperty(key).strip();
            if (key.equals("file")) {
                root.addAppender(file(value, context));
            } else if (key.equals(LEVEL) || key.startsWith(LEVEL + ".")) {
                level(key.equals(LEVEL) ? root : context.getLogger(key.substring(LEVEL.length() + 1)), value, log);
            } else {
                log.warn("unknown setting {} in {}; known are level, level.<logger> and file", key, file);
            }
        }
    }

    private static void level(Logger logger, String value, Logger log) {
        Level level = Level.toLevel(value, null);
        if (level == null) {
            log.warn("cannot set level '{}' of {}: use off, error, warn, info, debug, trace", value, logger.getName());
        } else {
            logger.setLevel(level);
        }
    }

    private static FileAppender<ILoggingEvent> file(String path, LoggerContext context) {
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(path);
        start(appender, "file", context);
        return appender;
    }

    private static void start(OutputStreamAppender<ILoggingEvent> appender, String name, LoggerContext context) {
        LineLayout layout = new LineLayout(ZoneId.systemDefault());
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        appender.setContext(context);
        appender.setName(name);
        appender.setEncoder(encoder);
        appender.start();
    }
}
