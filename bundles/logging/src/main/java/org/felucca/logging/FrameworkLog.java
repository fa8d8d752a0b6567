package org.felucca.logging;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OSGi log service over slf4j. The framework, Declarative Services and Config Admin find it by themselves and stop writing to
 * the console on their own. What the component runtime says about a bundle is logged under {@code components.<symbolic name>}.
 *
 * <p>Stateless and safe for use by any thread. It is immediate because those who look for it do so once, at its registration.
 */
@Component(
        service = {LogService.class, org.osgi.service.log.LoggerFactory.class},
        immediate = true)
public final class FrameworkLog implements LogService {
    private static final String FRAMEWORK = "org.apache.felix.framework";
    /** Before the names of bundles that somebody else logs about: the component runtime. */
    private static final String COMPONENTS = "components.";

    @Override
    public Logger getLogger(String name) {
        return new BridgedLogger(LoggerFactory.getLogger(name), BridgedLogger.Style.BRACES);
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return getLogger(type.getName());
    }

    @Override
    public <L extends Logger> L getLogger(String name, Class<L> loggerType) {
        BridgedLogger.Style style =
                FormatterLogger.class.equals(loggerType) ? BridgedLogger.Style.PRINTF : BridgedLogger.Style.BRACES;
        return loggerType.cast(new BridgedLogger(LoggerFactory.getLogger(name), style));
    }

    @Override
    public <L extends Logger> L getLogger(Class<?> type, Class<L> loggerType) {
        return getLogger(type.getName(), loggerType);
    }

    @Override
    public <L extends Logger> L getLogger(Bundle bundle, String name, Class<L> loggerType) {
        boolean unnamed = Logger.ROOT_LOGGER_NAME.equals(name) && bundle.getSymbolicName() != null;
        return getLogger(unnamed ? COMPONENTS + bundle.getSymbolicName() : name, loggerType);
    }

    @Override
    @Deprecated
    public void log(int level, String message) {
        log(null, level, message, null);
    }

    @Override
    @Deprecated
    public void log(int level, String message, @Nullable Throwable exception) {
        log(null, level, message, exception);
    }

    @Override
    @Deprecated
    public void log(@Nullable ServiceReference<?> about, int level, String message) {
        log(about, level, message, null);
    }

    @Override
    @Deprecated
    public void log(@Nullable ServiceReference<?> about, int level, String message, @Nullable Throwable exception) {
        Bundle bundle = about == null ? null : about.getBundle();
        String name = bundle == null || bundle.getSymbolicName() == null ? FRAMEWORK : bundle.getSymbolicName();
        LoggerFactory.getLogger(name)
                .atLevel(BridgedLogger.slfLevel(level))
                .setCause(exception)
                .log(message);
    }
}
