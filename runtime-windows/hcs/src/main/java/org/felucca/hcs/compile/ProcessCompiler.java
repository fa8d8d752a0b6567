package org.felucca.hcs.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.Signal;
import org.felucca.hcs.document.process.ConsoleDimensions;
import org.felucca.hcs.document.process.ProcessParameters;
import org.felucca.hcs.document.process.ProcessSignal;
import org.felucca.oci.runtimespec.ConsoleSize;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.User;
import org.jspecify.annotations.Nullable;

/** Makes the document of a process: a container's first one, or one more. */
public final class ProcessCompiler {
    /** Characters of UTF-16 that CreateProcess takes, without the zero at the end. */
    private static final int LONGEST_LINE = 32766;

    private static final String AT = "/process";

    private final Process process;
    private final List<Warning> warnings = new ArrayList<>(0);

    private ProcessCompiler(Process process) {
        this.process = process;
    }

    /**
     * Which standard streams the caller takes.
     *
     * @param stdin whether it writes the input
     * @param stdout whether it reads the output
     * @param stderr whether it reads the errors; with a terminal they are part of the output
     */
    public record Streams(boolean stdin, boolean stdout, boolean stderr) {}

    /**
     * Compiles.
     *
     * @throws FeluccaException INVALID_ARGUMENT for a document that cannot be, UNSUPPORTED for what Windows does not
     *     have; both name the property by its JSON pointer
     */
    public static CompiledProcess compile(Process process, Streams streams) {
        return new ProcessCompiler(process).compile(streams);
    }

    /**
     * Returns the event of the console that stands for a signal; none for KILL, which terminates.
     *
     * @throws FeluccaException UNSUPPORTED for any other signal than HUP, INT, QUIT, KILL, TERM
     */
    public static Optional<ProcessSignal> signal(Signal signal) {
        return switch (signal.displayName()) {
            case "SIGHUP" -> Optional.of(ProcessSignal.CTRL_CLOSE);
            case "SIGINT" -> Optional.of(ProcessSignal.CTRL_C);
            case "SIGQUIT" -> Optional.of(ProcessSignal.CTRL_BREAK);
            case "SIGTERM" -> Optional.of(ProcessSignal.CTRL_SHUTDOWN);
            case "SIGKILL" -> Optional.empty();
            default ->
                throw new FeluccaException(
                        ErrorCode.UNSUPPORTED,
                        "cannot send " + signal.displayName(),
                        "Windows has no such signal",
                        "use HUP, INT, QUIT, TERM or KILL");
        };
    }

    private CompiledProcess compile(Streams streams) {
        refuseForeign();
        ProcessParameters parameters = new ProcessParameters(
                commandLine(),
                username(),
                WindowsPath.absolute(AT + "/cwd", process.cwd()),
                environment(),
                process.terminal(),
                streams.stdin(),
                streams.stdout(),
                streams.stderr() && !process.terminal(),
                process.terminal() ? consoleSize(process.consoleSize()) : null);
        return new CompiledProcess(parameters, warnings);
    }

    private void refuseForeign() {
        SpecProblem.refuse(AT + "/capabilities", process.capabilities() != null);
        SpecProblem.refuse(AT + "/rlimits", !process.rlimits().isEmpty());
        SpecProblem.refuse(AT + "/noNewPrivileges", process.noNewPrivileges());
        SpecProblem.refuse(AT + "/apparmorProfile", process.apparmorProfile() != null);
        SpecProblem.refuse(AT + "/oomScoreAdj", process.oomScoreAdj() != null);
        SpecProblem.refuse(AT + "/scheduler", process.scheduler() != null);
        SpecProblem.refuse(AT + "/selinuxLabel", process.selinuxLabel() != null);
        SpecProblem.refuse(AT + "/ioPriority", process.ioPriority() != null);
        SpecProblem.refuse(AT + "/execCPUAffinity", process.execCpuAffinity() != null);
        User user = process.user();
        SpecProblem.refuse(AT + "/user/uid", user.uid() != 0);
        SpecProblem.refuse(AT + "/user/gid", user.gid() != 0);
        SpecProblem.refuse(AT + "/user/umask", user.umask() != null);
        SpecProblem.refuse(AT + "/user/additionalGids", !user.additionalGids().isEmpty());
    }

    private String commandLine() {
        String given = process.commandLine() == null ? "" : process.commandLine();
        List<String> args = process.args();
        String pointer = given.isEmpty() ? AT + "/args" : AT + "/commandLine";
        String line = given.isEmpty() ? CommandLine.of(args) : given;
        if (given.isBlank() && (args.isEmpty() || args.get(0).isEmpty())) {
            throw SpecProblem.invalid(pointer, "there is no program", "give a command line or arguments");
        }
        if (line.indexOf('\0') >= 0) {
            throw SpecProblem.invalid(pointer, line, "holds a zero character", "remove it");
        }
        if (line.length() > LONGEST_LINE) {
            throw SpecProblem.invalid(
                    pointer,
                    "the command line has " + line.length() + " characters",
                    "Windows takes at most " + LONGEST_LINE);
        }
        return line;
    }

    private @Nullable String username() {
        String name = process.user().username();
        if (name == null || name.isEmpty()) {
            return null;
        }
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            throw SpecProblem.invalid(
                    AT + "/user/username", name, "is no account", "give a name such as ContainerUser");
        }
        return name;
    }

    /** Windows does not tell case in names: of several the last one counts, in its place. */
    private Map<String, String> environment() {
        Map<String, String> variables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, String> ordered = new LinkedHashMap<>();
        for (int i = 0; i < process.env().size(); i++) {
            String entry = process.env().get(i);
            String pointer = AT + "/env/" + i;
            int equals = entry.indexOf('=');
            if (equals < 1 || entry.indexOf('\0') >= 0) {
                throw SpecProblem.invalid(pointer, entry, "is no variable", "write NAME=value");
            }
            String name = entry.substring(0, equals);
            String former = variables.put(name.toLowerCase(Locale.ROOT), name);
            if (former != null) {
                ordered.remove(former);
            }
            if (equals == entry.length() - 1) {
                warnings.add(new Warning(pointer, "Windows has no empty variables; " + name + " is left out"));
            } else {
                ordered.put(name, entry.substring(equals + 1));
            }
        }
        return ordered;
    }

    private static @Nullable ConsoleDimensions consoleSize(@Nullable ConsoleSize size) {
        if (size == null || (size.height() == 0 && size.width() == 0)) {
            return null;
        }
        return new ConsoleDimensions(
                dimension(AT + "/consoleSize/height", size.height()),
                dimension(AT + "/consoleSize/width", size.width()));
    }

    private static int dimension(String pointer, long value) {
        if (value < 1 || value > ConsoleDimensions.MOST) {
            throw SpecProblem.invalid(pointer, value + " is out of range", "use 1 to " + ConsoleDimensions.MOST);
        }
        return (int) value;
    }
}
