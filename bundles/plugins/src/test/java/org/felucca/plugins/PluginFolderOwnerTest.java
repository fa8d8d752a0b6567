package org.felucca.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.felucca.api.plugin.PluginFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;

/** Drops jars into a folder that a framework of its own is kept in step with. */
class PluginFolderOwnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path work;

    private Path folder;
    private Framework framework;
    private PluginFolderOwner owner;
    private final BlockingQueue<BundleEvent> events = new LinkedBlockingQueue<>();
    private volatile Predicate<Bundle> works = bundle -> true;

    @BeforeEach
    void start() throws Exception {
        folder = Files.createDirectory(work.resolve("plugins"));
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, work.resolve("cache").toString()));
        framework.start();
        framework.getBundleContext().addBundleListener((SynchronousBundleListener) events::add);
        owner = open(Trust.of("any", ""));
    }

    private PluginFolderOwner open(Trust trust) {
        SelfCheck check = bundle -> {
            if (!works.test(bundle)) {
                throw new RefusedException("it does not work");
            }
        };
        return new PluginFolderOwner(
                folder, work.resolve("copies"), trust, new Installer(framework.getBundleContext(), check));
    }

    @AfterEach
    void stop() throws Exception {
        owner.close();
        framework.stop();
        framework.waitForStop(PATIENCE.toMillis());
    }

    @Test
    void drop_ofGoodPlugin_runsIt() throws Exception {
        drop("a.jar", TestJar.bundle("a", "1.0.0"));
        PluginFile file = await("a.jar", PluginFile.State.INSTALLED);
        assertEquals("a", file.bundle());
        assertEquals("1.0.0", file.version());
        assertEquals(64, file.digest().length());
        assertEquals(Bundle.ACTIVE, bundle("a").orElseThrow().getState());
    }

    @Test
    void removal_ofRunningPlugin_uninstallsIt() throws Exception {
        drop("a.jar", TestJar.bundle("a", "1.0.0"));
        await("a.jar", PluginFile.State.INSTALLED);
        Files.delete(folder.resolve("a.jar"));
        awaitEvent(BundleEvent.UNINSTALLED);
        awaitEmpty();
        assertEquals(Optional.empty(), bundle("a"));
        assertEquals(List.of(), copies());
    }

    @Test
    void drop_ofUnresolvablePlugin_leavesNothingAndNamesWhatIsMissing() throws Exception {
        drop("a.jar", TestJar.bundle("a", "1.0.0", "Import-Package", "no.such.place;version=\"[1,2)\""));
        String note = await("a.jar", PluginFile.State.REFUSED).note();
        assertTrue(note.contains("does not resolve") && note.contains("no.such.place"), note);
        assertEquals(1, note.lines().count());
        assertEquals(Optional.empty(), bundle("a"));
        assertEquals(List.of(), copies());
    }

    @Test
    void drop_ofPluginThatFailsItsCheck_leavesNothing() throws Exception {
        works = bundle -> false;
        drop("a.jar", TestJar.bundle("a", "1.0.0"));
        assertEquals(
                "it does not work", await("a.jar", PluginFile.State.REFUSED).note());
        assertEquals(Optional.empty(), bundle("a"));
    }

    @Test
    void drop_ofWhatIsNoBundle_isRefused() throws Exception {
        drop("a.jar", TestJar.plain());
        drop("b.jar", new byte[] {'P', 'K', 3, 4});
        assertTrue(await("a.jar", PluginFile.State.REFUSED).note().contains("Bundle-SymbolicName"));
        assertTrue(await("b.jar", PluginFile.State.REFUSED).note().contains("cannot read it"));
    }

    @Test
    void update_withGoodVersion_replacesTheRunningOne() throws Exception {
        drop("a.jar", TestJar.bundle("a", "1.0.0"));
        await("a.jar", PluginFile.State.INSTALLED);
        drop("a.jar", TestJar.bundle("a", "1.1.0"));
        await("a.jar", file -> file.version().equals("1.1.0"));
        assertEquals("1.1.0", bundle("a").orElseThrow().getVersion().toString());
        assertEquals(Bundle.ACTIVE, bundle("a").orElseThrow().getState());
        assertEquals(1, copies().size());
    }

    @Test
    void update_withBadVersion_keepsTheRunningOne() throws Exception {
        works = bundle -> !bundle.getVersion().toString().equals("1.1.0");
        drop("a.jar", TestJar.bundle("a", "1.0.0"));
        await("a.jar", PluginFile.State.INSTALLED);
        drop("a.jar", TestJar.bundle("a", "1.1.0"));
        assertEquals("1.0.0", await("a.jar", PluginFile.State.REFUSED).version());
        assertEquals("1.0.0", bundle("a").orElseThrow().getVersion().toString());
        assertEquals(Bundle.ACTIVE, bundle("a").orElseThrow().getState());
        assertEquals(1, copies().size());
    }

    @Test
    void drop_ofTwoThatNeedEachOther_takesBothInAnyOrder() throws Exception {
        Path aside = Files.createDirectory(work.resolve("aside"));
        Files.write(aside.resolve("a.jar"), TestJar.bundle("a", "1.0.0", "Require-Capability", "token"));
        Files.write(aside.resolve("b.jar"), TestJar.bundle("b", "1.0.0", "Provide-Capability", "token"));
        owner.close();
        for (String file : List.of("a.jar", "b.jar")) {
            Files.move(aside.resolve(file), folder.resolve(file));
        }
        owner = open(Trust.of("any", ""));
        await("a.jar", PluginFile.State.INSTALLED);
        await("b.jar", PluginFile.State.INSTALLED);
    }

    @Test
    void start_withPluginsOfAnEarlierLife_verifiesThemAgain() throws Exception {
        drop("a.jar", TestJar.bundle("a", "1.0.0"));
        await("a.jar", PluginFile.State.INSTALLED);
        owner.close();
        owner = open(Trust.of("signed", ""));
        assertTrue(await("a.jar", PluginFile.State.REFUSED).note().contains("trust=signed"));
        assertEquals(Optional.empty(), bundle("a"));
    }

    private void drop(String name, byte[] content) throws IOException {
        Path aside = Files.write(work.resolve(name), content);
        Files.move(aside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private Optional<Bundle> bundle(String symbolicName) {
        return Stream.of(framework.getBundleContext().getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst();
    }

    private List<Path> copies() throws IOException {
        try (Stream<Path> files = Files.list(work.resolve("copies"))) {
            return files.toList();
        }
    }

    private PluginFile await(String name, PluginFile.State state) throws InterruptedException {
        return await(name, file -> file.state() == state);
    }

    /** The table follows the framework within moments; nothing tells of its change, so that it is looked at until it is there. */
    private PluginFile await(String name, Predicate<PluginFile> wanted) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<PluginFile> found = owner.files().stream()
                    .filter(file -> file.file().equals(name))
                    .filter(wanted)
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            assertTrue(System.nanoTime() < end, () -> name + " is not as wanted: " + owner.files());
            events.poll(10, TimeUnit.MILLISECONDS);
        }
    }

    private void awaitEvent(int type) throws InterruptedException {
        BundleEvent event;
        do {
            event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertTrue(event != null, "no such bundle event: " + type);
        } while (event.getType() != type);
    }

    private void awaitEmpty() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!owner.files().isEmpty()) {
            assertTrue(System.nanoTime() < end, () -> "still there: " + owner.files());
            events.poll(10, TimeUnit.MILLISECONDS);
        }
    }
}
