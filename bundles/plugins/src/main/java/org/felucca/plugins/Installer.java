package org.felucca.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts plugins into the framework and takes them out. Each operation succeeds wholly or leaves the framework as it was. Bundles are
 * started transiently: after a restart of the daemon nothing runs before it was verified again. Used by one thread at a time.
 */
final class Installer {
    private static final Logger LOG = LoggerFactory.getLogger(Installer.class);
    private static final String PREFIX = "felucca-plugin:";
    private static final Duration REFRESH_DEADLINE = Duration.ofSeconds(30);

    private final BundleContext context;
    private final FrameworkWiring wiring;
    private final SelfCheck check;

    Installer(BundleContext context, SelfCheck check) {
        this.context = context;
        this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        this.check = check;
    }

    /** Returns the bundles that an installer has put into the framework, also in an earlier life of the daemon. */
    List<Bundle> installed() {
        return Stream.of(context.getBundles()).filter(Installer::isPlugin).toList();
    }

    private static boolean isPlugin(Bundle bundle) {
        return bundle.getLocation().startsWith(PREFIX);
    }

    /**
     * Installs, resolves, starts and checks a bundle.
     *
     * @throws RefusedException if a step fails; the bundle is gone again
     * @throws InterruptedException if the thread is interrupted; likewise
     */
    Bundle install(String file, PluginJar jar) throws RefusedException, InterruptedException {
        Bundle bundle;
        try (InputStream content = Files.newInputStream(jar.copy())) {
            bundle = context.installBundle(PREFIX + file + "?sha256=" + jar.sha256(), content);
        } catch (IOException | BundleException e) {
            throw new RefusedException("it cannot be installed: " + reason(e), e);
        }
        try {
            start(bundle);
            return bundle;
        } catch (RefusedException | InterruptedException | RuntimeException e) {
            undo(e, () -> remove(bundle));
            throw e;
        }
    }

    /**
     * Replaces a bundle's content, with one refresh of what is wired to it.
     *
     * @param before the content to come back to
     * @throws RefusedException if a step fails, or the platform itself is wired to the bundle; the bundle runs as before
     * @throws InterruptedException if the thread is interrupted; likewise
     */
    void update(Bundle bundle, PluginJar jar, PluginJar before) throws RefusedException, InterruptedException {
        List<String> platform = platformClosure(bundle);
        if (!platform.isEmpty()) {
            throw new RefusedException("it cannot be updated while the daemon runs: " + String.join(", ", platform)
                    + " use it; restart the daemon");
        }
        try {
            replace(bundle, jar);
        } catch (RefusedException | InterruptedException | RuntimeException e) {
            undo(e, () -> replace(bundle, before));
            throw e;
        }
    }

    private void replace(Bundle bundle, PluginJar jar) throws RefusedException, InterruptedException {
        try (InputStream content = Files.newInputStream(jar.copy())) {
            bundle.stop(Bundle.STOP_TRANSIENT);
            bundle.update(content);
        } catch (IOException | BundleException e) {
            throw new RefusedException("it cannot be updated: " + reason(e), e);
        }
        refresh(bundle);
        start(bundle);
    }

    /**
     * Stops and uninstalls a bundle and lets go of its classes.
     *
     * @throws RefusedException if the framework cannot
     * @throws InterruptedException if the thread is interrupted while it waits for the framework
     */
    void remove(Bundle bundle) throws RefusedException, InterruptedException {
        List<String> platform = platformClosure(bundle);
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new RefusedException("it cannot be uninstalled: " + reason(e), e);
        }
        if (platform.isEmpty()) {
            refresh(bundle);
        } else {
            LOG.warn("{} stays in memory until the daemon restarts: {} use it", bundle.getSymbolicName(), platform);
        }
    }

    private void start(Bundle bundle) throws RefusedException, InterruptedException {
        try {
            bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            throw new RefusedException(
                    (e.getType() == BundleException.RESOLVE_ERROR ? "it does not resolve: " : "it does not start: ")
                            + reason(e),
                    e);
        }
        check.require(bundle);
    }

    /** The bundles outside the folder that a refresh of this one would restart. */
    private List<String> platformClosure(Bundle bundle) {
        Collection<Bundle> closure = wiring.getDependencyClosure(Set.of(bundle));
        return closure.stream()
                .filter(member -> !isPlugin(member))
                .map(Bundle::getSymbolicName)
                .sorted()
                .toList();
    }

    private void refresh(Bundle bundle) throws RefusedException, InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        wiring.refreshBundles(Set.of(bundle), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        if (!done.await(REFRESH_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new RefusedException(
                    "the framework did not refresh it within " + REFRESH_DEADLINE.toSeconds() + " s");
        }
    }

    private interface Undo {
        void run() throws RefusedException, InterruptedException;
    }

    /** Runs an undo whatever has happened; an interrupt must not leave half of a plugin behind. */
    private static void undo(Exception cause, Undo undo) {
        boolean interrupted = Thread.interrupted() || cause instanceof InterruptedException;
        try {
            undo.run();
        } catch (RefusedException | InterruptedException | RuntimeException e) {
            cause.addSuppressed(e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The one line of an exception that says most: the deepest message, without the framework's repetition. */
    private static String reason(Exception e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
        int repetition = message.indexOf(" Unresolved requirements:");
        return (repetition < 0 ? message : message.substring(0, repetition)).replaceAll("\\s+", " ");
    }
}
