package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * For a test class: a daemon of its own, and the registry and images that all classes share. After each test all
 * containers are removed, and nothing may be left of them; after the class the daemon must stop cleanly and leave no
 * process, mount or control group.
 */
final class Fixture implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private @Nullable Daemon daemon;
    private @Nullable Shared shared;
    private @Nullable Leftovers beforeTest;

    /** What all classes share; closed by the platform at the very end. */
    private static final class Shared implements AutoCloseable {
        final Path work;
        final Registry registry;
        final TestImages images;

        Shared() throws IOException {
            work = Files.createTempDirectory(Path.of("/var/tmp"), "felucca-e2e-images.");
            registry = new Registry(work.resolve("registry"));
            images = new TestImages(registry, Files.createDirectories(work.resolve("images")));
        }

        @Override
        public void close() {
            registry.close();
            Commands.run("rm", "-rf", "--one-file-system", work.toString()).ok();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        assertEquals("0", Commands.run("id", "-u").ok().word(), "containers need root");
        shared = context.getRoot()
                .getStore(Namespace.create(Fixture.class))
                .getOrComputeIfAbsent("shared", key -> share(), Shared.class);
        daemon = Daemon.start();
    }

    private static Shared share() {
        try {
            return new Shared();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        beforeTest = null;
    }

    /**
     * From here on in this test nothing may be new at its end: no file of the daemon either. Its first container makes the
     * directories that stay, so one runs before.
     *
     * @param image one with {@code true}
     */
    void expectNoNewFiles(String image) {
        daemon().felucca("run", "--rm", image, "true").ok();
        beforeTest = Leftovers.of(daemon());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        daemon().removeContainers();
        if (beforeTest != null) {
            beforeTest.assertNothingNew();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Daemon ending = daemon;
        if (ending == null) {
            return;
        }
        Path base = ending.base();
        ending.close();
        assertFalse(Files.exists(base), "a mount or a process keeps " + base);
    }

    Daemon daemon() {
        Daemon running = daemon;
        if (running == null) {
            throw new AssertionError("there is no daemon yet");
        }
        return running;
    }

    TestImages images() {
        return shared().images;
    }

    Registry registry() {
        return shared().registry;
    }

    private Shared shared() {
        Shared known = shared;
        if (known == null) {
            throw new AssertionError("there is no registry yet");
        }
        return known;
    }
}
