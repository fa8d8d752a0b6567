package org.felucca.itests.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The C programs of the tests, compiled once: static, so that they run in any container. */
final class Programs {
    /** Lists a tree. */
    static final Path LISTING = compile("listing");

    /** Puts a command on a terminal. */
    static final Path TERMINAL = compile("terminal");

    private Programs() {}

    private static Path compile(String name) {
        try {
            Path program = Files.createTempDirectory("e2e-" + name).resolve(name);
            program.getParent().toFile().deleteOnExit(); // the last registered goes first
            program.toFile().deleteOnExit();
            Path source = Path.of(System.getProperty("felucca.e2e.sources"), "c", name + ".c");
            Commands.run(
                            "cc",
                            "-std=gnu11",
                            "-O2",
                            "-static",
                            "-Wall",
                            "-Wextra",
                            "-o",
                            program.toString(),
                            source.toString())
                    .ok();
            Files.setPosixFilePermissions(program.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
