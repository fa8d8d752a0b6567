package org.example.felucca;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.HostExec;
import org.felucca.api.snapshot.SnapshotUsage;

/** The host's file tools, run through the platform: copies keep owners, modes, times, attributes, links and devices. */
final class HostTools {
    private static final Duration DEADLINE = Duration.ofMinutes(30);
    private static final int OUTPUT_LIMIT = 64 * 1024;

    private final HostExec exec;

    HostTools(HostExec exec) {
        this.exec = exec;
    }

    /** Makes an empty directory as a root file system starts: mode 0755. */
    void makeDirectory(Path tree) {
        run("make directory " + tree, "/usr/bin/mkdir", "--mode=0755", "--", tree.toString());
    }

    /** Copies a whole tree to a path that does not exist yet. */
    void copyTree(Path from, Path to) {
        run(
                "copy " + from + " to " + to,
                "/usr/bin/cp",
                "--archive",
                "--reflink=auto",
                "--no-target-directory",
                "--",
                from.toString(),
                to.toString());
    }

    /** Removes a tree; does nothing if it is not there. */
    void removeTree(Path tree) {
        run("remove " + tree, "/usr/bin/rm", "--recursive", "--force", "--one-file-system", "--", tree.toString());
    }

    /** Makes everything on the file system of the tree durable. */
    void sync(Path tree) {
        run("sync " + tree, "/usr/bin/sync", "--file-system", tree.toString());
    }

    /** Measures a tree. */
    SnapshotUsage usage(Path tree) {
        long bytes = firstNumber(
                run("measure " + tree, "/usr/bin/du", "--summarize", "--block-size=1", "--", tree.toString()), tree);
        long inodes =
                firstNumber(run("count " + tree, "/usr/bin/du", "--summarize", "--inodes", "--", tree.toString()), tree);
        return new SnapshotUsage(bytes, inodes);
    }

    private static long firstNumber(String output, Path tree) {
        int end = output.indexOf('\t');
        if (end < 1) {
            throw new FeluccaException(
                    ErrorCode.INTERNAL, "cannot measure " + tree, "du printed '" + output.strip() + "'");
        }
        return Long.parseLong(output.substring(0, end));
    }

    private String run(String what, String... argv) {
        HostExec.HostExecResult result = exec.run(new HostExec.HostExecRequest(
                List.of(argv), List.of("LC_ALL=C", "PATH=/usr/bin:/bin"), "/", new byte[0], DEADLINE, OUTPUT_LIMIT));
        if (!result.status().success()) {
            boolean full = result.stderr().contains("No space left on device");
            throw new FeluccaException(
                    full ? ErrorCode.RESOURCE_EXHAUSTED : ErrorCode.INTERNAL,
                    "cannot " + what,
                    result.stderr().isBlank() ? describe(result.status()) : result.stderr().strip(),
                    full ? "free space on the device" : null);
        }
        return new String(result.stdout(), StandardCharsets.UTF_8);
    }

    private static String describe(ExitStatus status) {
        return status.fold(code -> "exit status " + code, signal -> "killed by signal " + signal, reason -> reason);
    }
}
