package org.felucca.runtime.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A root file system of busybox, with two users. */
public final class BusyboxRoot {
    private static final List<String> PROGRAMS = List.of(
            "sh",
            "true",
            "false",
            "echo",
            "cat",
            "sleep",
            "id",
            "kill",
            "ls",
            "stat",
            "mount",
            "hostname",
            "mkdir",
            "chmod",
            "test",
            "env",
            "pwd",
            "tty",
            "stty",
            "ps",
            "touch",
            "readlink",
            "grep",
            "head",
            "dd",
            "ip",
            "umask",
            "rm",
            "wc",
            "mknod",
            "nproc",
            "date",
            "tr");

    private BusyboxRoot() {}

    /** Makes it below a directory that is not there yet, and returns that. */
    public static Path make(Path root) throws IOException {
        for (String directory : List.of("bin", "etc", "tmp", "root", "home/ada", "proc", "dev", "sys")) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        for (String program : PROGRAMS) {
            Files.createSymbolicLink(root.resolve("bin").resolve(program), Path.of("busybox"));
        }
        Files.writeString(
                root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1001:Ada:/home/ada:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nada:x:1001:\nwheel:x:10:root,ada\nships:x:77:ada\n");
        Path script = Files.writeString(root.resolve("bin/not-executable"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
        return root;
    }
}
