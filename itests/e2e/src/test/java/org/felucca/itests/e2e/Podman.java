package org.felucca.itests.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Podman with a store of its own, which copies trees and mounts nothing. Its paths must be short. */
final class Podman implements AutoCloseable {
    private final Path directory;

    /** Makes an empty store. */
    Podman() {
        try {
            directory = Files.createTempDirectory(Path.of("/var/tmp"), "fp.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command that has to succeed. */
    Finished run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "podman",
                "--root",
                directory.resolve("root").toString(),
                "--runroot",
                directory.resolve("run").toString(),
                "--tmpdir",
                directory.resolve("tmp").toString(),
                "--storage-driver",
                "vfs",
                "--events-backend",
                "none"));
        command.addAll(List.of(arguments));
        return Commands.run(command.toArray(String[]::new)).ok();
    }

    @Override
    public void close() {
        Commands.run("rm", "-rf", "--one-file-system", directory.toString()).ok();
    }
}
