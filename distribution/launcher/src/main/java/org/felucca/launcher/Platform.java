package org.felucca.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.condition.Condition;

/**
 * The framework with the distribution's bundles. What it needs from one start to the next lies in {@code <root>/framework}: when the
 * bundle list's fingerprint is the one noted there, nothing is installed again. Configurations are kept in memory alone: the
 * {@code .cfg} files are the truth, and a file removed while the daemon was down must not live on.
 *
 * <p>{@link #start} is called once; {@link #stop} and {@link #awaitStop} by any thread, {@code stop} also before {@code start} returns:
 * it then waits for it.
 */
final class Platform {
    private static final String FINGERPRINT = "bundles.fingerprint";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Framework framework;
    private final BundleList bundles;
    private final Path storage;

    private Platform(Framework framework, BundleList bundles, Path storage) {
        this.framework = framework;
        this.bundles = bundles;
        this.storage = storage;
    }

    /**
     * Prepares the framework and its bundles without starting any.
     *
     * @throws LaunchException if the directories cannot be used or the framework refuses
     */
    static Platform prepare(Settings settings, BundleList bundles) throws LaunchException {
        Path storage = settings.root().resolve("framework");
        String fingerprint = bundles.fingerprint();
        try {
            if (prepareStorage(storage, fingerprint, settings.root())) {
                Platform warm = warm(settings, bundles, storage);
                if (warm != null) {
                    return warm;
                }
                System.err.println("felucca-daemon: " + storage + " is damaged and is made anew");
                deleteTree(storage);
                Files.createDirectories(storage);
            }
            Platform platform = initialised(settings, bundles, storage);
            platform.install();
            Files.writeString(storage.resolve(FINGERPRINT), fingerprint);
            return platform;
        } catch (IOException | UncheckedIOException e) {
            throw new LaunchException(
                    "cannot use directory " + storage + ": " + e.getMessage() + "; free it or give another --root", e);
        } catch (BundleException e) {
            throw new LaunchException("cannot prepare the framework: " + e.getMessage(), e);
        }
    }

    private static Platform initialised(Settings settings, BundleList bundles, Path storage) throws BundleException {
        Framework framework = new FrameworkFactory()
                .newFramework(properties(settings, storage), new ClassPathConnector(bundles.entries()));
        framework.init();
        Platform platform = new Platform(framework, bundles, storage);
        framework.getBundleContext().addFrameworkListener(Platform::report);
        platform.registerConditions();
        return platform;
    }

    /** A framework with what an earlier one has installed; null if that is not whole. */
    private static @Nullable Platform warm(Settings settings, BundleList bundles, Path storage) {
        Platform platform;
        try {
            platform = initialised(settings, bundles, storage);
        } catch (BundleException | RuntimeException e) {
            // Whatever is wrong with it shows again when it is made anew.
            return null;
        }
        if (platform.isInstalled()) {
            return platform;
        }
        try {
            platform.framework.stop();
            platform.framework.waitForStop(0);
        } catch (BundleException e) {
            // It holds nothing that matters; the next one takes its place.
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** Whether every bundle is there, and is to be started if it should be: the framework passes over what it cannot read. */
    private boolean isInstalled() {
        BundleContext context = framework.getBundleContext();
        for (BundleList.Entry entry : bundles.entries()) {
            Bundle bundle = context.getBundle(entry.location());
            if (bundle == null) {
                return false;
            }
            if (entry.started()
                    && !isFragment(bundle)
                    && !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Starts the framework and returns when each bundle was started or has failed to; components come up as their references appear.
     *
     * @throws LaunchException if the framework refuses to start
     */
    void start() throws LaunchException {
        try {
            framework.start();
        } catch (BundleException e) {
            throw new LaunchException("cannot start the framework: " + e.getMessage(), e);
        }
    }

    private static boolean prepareStorage(Path storage, String fingerprint, Path root) throws IOException {
        Path noted = storage.resolve(FINGERPRINT);
        boolean warm = Files.exists(noted) && noted(noted).equals(fingerprint) && !crashed(root);
        if (!warm) {
            deleteTree(storage);
            Files.createDirectories(storage);
        }
        return warm;
    }

    private static String noted(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            // Garbled, and so the fingerprint of nothing.
            return "";
        }
    }

    /** Whether the host went down under the last daemon: nobody synced what it had installed. */
    private static boolean crashed(Path root) throws IOException {
        Path mark = root.resolve("clean-mark");
        if (!Files.exists(mark) || !Files.exists(BOOT_ID)) {
            return false;
        }
        String left = noted(mark);
        return !left.contains("\"clean\":true")
                && !left.contains(Files.readString(BOOT_ID).strip());
    }

    private static void deleteTree(Path top) throws IOException {
        if (Files.notExists(top)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(top)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Map<String, String> properties(Settings settings, Path storage) {
        Map<String, String> properties = new HashMap<>();
        // Its errors come as events, one line each; a higher level brings the stack traces.
        properties.put("felix.log.level", "0");
        properties.put("felix.bootdelegation.implicit", "false");
        properties.put("ds.cache.metadata", "true");
        properties.put("felix.fileinstall.poll", "1000");
        properties.put("felix.fileinstall.log.level", "2");
        properties.putAll(settings.framework());
        properties.put(Constants.FRAMEWORK_STORAGE, storage.resolve("bundles").toString());
        properties.put("felix.cm.pm", "memory");
        properties.put("felix.fileinstall.dir", settings.config().toString());
        properties.put("felix.fileinstall.filter", ".*\\.cfg");
        properties.put(
                "felix.fileinstall.tmpdir", storage.resolve("fileinstall").toString());
        properties.put("felix.fileinstall.configEncoding", "UTF-8");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.subdir.mode", "skip");
        properties.put("felucca.home", settings.home().toString());
        properties.put("felucca.root", settings.root().toString());
        properties.put("felucca.state", settings.state().toString());
        properties.put("felucca.config", settings.config().toString());
        properties.put("felucca.address", settings.address());
        return properties;
    }

    /** The conditions that components may wait for: one that always holds, as the specification asks for, and the host's. */
    private void registerConditions() {
        BundleContext context = framework.getBundleContext();
        for (String id : List.of(Condition.CONDITION_ID_TRUE, "felucca.host." + host())) {
            context.registerService(
                    Condition.class,
                    Condition.INSTANCE,
                    FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, id)));
        }
    }

    private static String host() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("windows") ? "windows" : name;
    }

    /** Installs all bundles and marks those to be started; the framework does so as it starts. */
    private void install() throws BundleException {
        BundleContext context = framework.getBundleContext();
        for (BundleList.Entry entry : bundles.entries()) {
            Bundle bundle = context.installBundle(entry.location());
            if (entry.started() && !isFragment(bundle)) {
                bundle.start();
            }
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /** One line for each thing the framework could not do, such as starting a bundle; the rest of the platform goes on. */
    private static void report(FrameworkEvent event) {
        if (event.getType() != FrameworkEvent.ERROR) {
            return;
        }
        Throwable deepest = event.getThrowable();
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
        // The framework says twice what is missing.
        int repetition = message.indexOf(" Unresolved requirements:");
        Console.error("bundle " + event.getBundle().getSymbolicName() + ": "
                + (repetition < 0 ? message : message.substring(0, repetition)));
    }

    /**
     * Waits until the framework has stopped, whoever asked for it.
     *
     * @return whether it ended as it should
     * @throws InterruptedException if the thread is interrupted; the framework is not touched
     */
    boolean awaitStop() throws InterruptedException {
        return framework.waitForStop(0).getType() != FrameworkEvent.ERROR;
    }

    /**
     * Stops the framework and waits for its bundles to be done.
     *
     * @throws LaunchException if they are not done in time
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void stop(Duration deadline) throws LaunchException, InterruptedException {
        try {
            framework.stop();
        } catch (BundleException e) {
            throw new LaunchException("cannot stop the framework: " + e.getMessage(), e);
        }
        FrameworkEvent end = framework.waitForStop(deadline.toMillis());
        if (end.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
            throw new LaunchException(
                    "bundles did not stop within " + deadline.toSeconds() + " s; the process ends without them");
        }
    }
}
