package org.felucca.runtime.ocicli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.HostExec;
import org.felucca.api.process.HostExec.HostExecRequest;
import org.felucca.api.process.HostExec.HostExecResult;
import org.felucca.api.runtime.TaskId;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.runtimespec.features.Features;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program of a runtime: its command lines, and running those that end by themselves. Thread-safe. */
final class RuntimeProgram {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeProgram.class);
    private static final int OUTPUT_LIMIT = 1 << 20;
    private static final String SHELL = "/bin/sh";
    private static final String UNSHARE = "/usr/bin/unshare";
    private static final byte[] NOTHING = {};
    private static final Pattern SPEC = Pattern.compile("(?m)^spec: (\\S+)$");

    private final RuntimeSettings settings;
    private final Path root;
    private final HostExec exec;
    private volatile @Nullable OciVersion newest;

    /** @param root directory of the program's own state, one below it for each tenant */
    RuntimeProgram(RuntimeSettings settings, Path root, HostExec exec) {
        this.settings = settings;
        this.root = root;
        this.exec = exec;
    }

    List<String> environment() {
        return settings.env();
    }

    /** The mount points to hide that are there. */
    List<String> hidden() {
        return settings.hide().stream()
                .filter(path -> Files.isDirectory(Path.of(path)))
                .toList();
    }

    /** A command line of the monitor's, that logs into this file. */
    List<String> command(TaskId id, Path log, String... command) {
        List<String> argv = new ArrayList<>();
        argv.add(settings.binary().toString());
        argv.addAll(List.of("--root", root(id).toString(), "--log", log.toString(), "--log-format", "json"));
        argv.addAll(settings.args());
        argv.addAll(List.of(command));
        return argv;
    }

    private Path root(TaskId id) {
        return root.resolve(id.namespace().value());
    }

    /**
     * Runs a command on a container.
     *
     * @throws FeluccaException FAILED_PRECONDITION with what the program says if it fails
     */
    void run(TaskId id, String what, String... command) {
        HostExecResult result = attempt(id, command);
        if (!result.status().success()) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot " + what + " container " + id.id(),
                    settings.id() + ": " + lastLine(result));
        }
    }

    /** Removes what the program keeps of a container, killing it first; what it does not know is fine. */
    void forceDelete(TaskId id) {
        HostExecResult result = attempt(id, "delete", "--force", id.id());
        if (!result.status().success()) {
            LOG.warn("container {}: {} delete: {}", id, settings.id(), lastLine(result));
        }
    }

    private HostExecResult attempt(TaskId id, String... command) {
        List<String> argv = new ArrayList<>(List.of(settings.binary().toString(), "--root", root(id).toString()));
        argv.addAll(settings.args());
        argv.addAll(List.of(command));
        return run(argv);
    }

    private HostExecResult run(List<String> argv) {
        return exec.run(
                new HostExecRequest(hiding(argv), settings.env(), "/", NOTHING, settings.deadline(), OUTPUT_LIMIT));
    }

    /** In a mount namespace of its own, if it must not see something. */
    private List<String> hiding(List<String> argv) {
        List<String> hidden = hidden();
        if (hidden.isEmpty()) {
            return argv;
        }
        String script =
                "n=$1; shift; while [ $n -gt 0 ]; do umount -l \"$1\" 2>/dev/null; shift; n=$((n-1)); done; exec \"$@\"";
        List<String> wrapped = new ArrayList<>(List.of(
                UNSHARE,
                "--mount",
                "--propagation",
                "slave",
                SHELL,
                "-c",
                script,
                "sh",
                Integer.toString(hidden.size())));
        wrapped.addAll(hidden);
        wrapped.addAll(argv);
        return wrapped;
    }

    private static String lastLine(HostExecResult result) {
        return Stream.of(result.stderr().strip(), new String(result.stdout(), StandardCharsets.UTF_8).strip())
                .filter(text -> !text.isEmpty())
                .map(text -> text.substring(text.lastIndexOf('\n') + 1))
                .findFirst()
                .orElse("ended with " + result.status());
    }

    /**
     * Asks what the newest version is that it implements. Programs without the command {@code features} (crun 1.8) name
     * one in {@code --version}; one that names an older one than all programs understand, or none, is taken at that.
     * Asked once, when the answer is needed: running the programs of all backends would hold up the daemon's start.
     */
    OciVersion newestVersion() {
        OciVersion known = newest;
        if (known == null) {
            known = askVersion();
            newest = known;
            LOG.info("runtime {}: {}, runtime-spec {}", settings.id(), settings.binary(), known);
        }
        return known;
    }

    private OciVersion askVersion() {
        HostExecResult asked = run(List.of(settings.binary().toString(), "features"));
        if (asked.status().success()) {
            try {
                @Nullable
                OciVersion said =
                        OciVersion.parse(Features.parse(asked.stdout()).ociVersionMax());
                if (said != null) {
                    return said;
                }
            } catch (OciFormatException e) {
                LOG.warn("runtime {}: its features cannot be read: {}", settings.id(), e.getMessage());
            }
        }
        HostExecResult version = run(List.of(settings.binary().toString(), "--version"));
        Matcher spec = SPEC.matcher(new String(version.stdout(), StandardCharsets.UTF_8));
        @Nullable OciVersion named = spec.find() ? OciVersion.parse(spec.group(1)) : null;
        return named == null || named.compareTo(OciVersion.BASE) < 0 ? OciVersion.BASE : named;
    }
}
