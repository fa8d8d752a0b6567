package org.felucca.verbs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.Result;
import org.felucca.api.command.StreamMode;
import org.felucca.api.command.Verb;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;
import org.felucca.shell.parse.ArgumentParser;
import org.felucca.shell.parse.Arguments;
import org.felucca.shell.render.ResultRenderer;

/** Runs a verb as the shell does, with a caller in memory: real parser, real renderer, a stopped clock. */
public final class CommandLine {
    /** What the clock says. */
    public static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private final Map<String, String> files = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<StreamMode> modes = new ArrayList<>();
    private final Map<String, ByteArrayOutputStream> madeFiles = new HashMap<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private String stdin = "";
    private boolean terminal;
    private boolean console;

    /** A file of the caller. */
    public CommandLine file(String path, String content) {
        files.put(path, content);
        return this;
    }

    /** A variable of the caller. */
    public CommandLine environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** What the caller pipes in. */
    public CommandLine stdin(String text) {
        stdin = text;
        return this;
    }

    /** The content of a file that was made for the caller; empty if none was. */
    public Optional<String> made(String path) {
        return Optional.ofNullable(madeFiles.get(path)).map(made -> made.toString(StandardCharsets.UTF_8));
    }

    /** The caller sits at a terminal of 24 by 80, and answers so when asked. */
    public CommandLine atTerminal(String... given) {
        terminal = true;
        answers.addAll(List.of(given));
        return this;
    }

    /** The caller is a console session without streams. */
    public CommandLine atConsole() {
        console = true;
        return this;
    }

    /** Runs a verb with words separated by spaces. @return the status */
    public int run(Verb verb, String words) {
        return run(verb, words.isEmpty() ? List.of() : List.of(words.split(" ")));
    }

    /** Runs a verb. @return the status */
    public int run(Verb verb, List<String> words) {
        Arguments arguments = ArgumentParser.parse(verb.spec(), words);
        ResultRenderer renderer = new ResultRenderer(out, err, arguments.json(), false, InstantSource.fixed(NOW));
        return renderer.show(verb.run(new MemoryInvocation(arguments))).shellStatus();
    }

    /** Runs a verb without showing its result. */
    public Result result(Verb verb, String words) {
        return verb.run(new MemoryInvocation(
                ArgumentParser.parse(verb.spec(), words.isEmpty() ? List.of() : List.of(words.split(" ")))));
    }

    /** What was shown, forgotten afterwards. */
    public String out() {
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
    }

    /** What was complained, forgotten afterwards. */
    public String err() {
        String text = err.toString(StandardCharsets.UTF_8);
        err.reset();
        return text;
    }

    /** How the caller was connected to streams. */
    public List<StreamMode> modes() {
        return modes;
    }

    /** The end of streams that a verb is given. */
    public static final class MemoryHandle implements Handle {
        @Override
        public long value() {
            return 42;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new AssertionError("a verb does not close what it did not open");
        }
    }

    private final class MemoryInvocation implements Invocation {
        private final Arguments arguments;

        MemoryInvocation(Arguments arguments) {
            this.arguments = arguments;
        }

        @Override
        public boolean flag(String option) {
            return arguments.flag(option);
        }

        @Override
        public Optional<String> text(String option) {
            return arguments.text(option);
        }

        @Override
        public List<String> texts(String option) {
            return arguments.texts(option);
        }

        @Override
        public OptionalLong number(String option) {
            return arguments.number(option);
        }

        @Override
        public OptionalLong billionths(String option) {
            return arguments.billionths(option);
        }

        @Override
        public Optional<Duration> duration(String option) {
            return arguments.duration(option);
        }

        @Override
        public boolean given(String option) {
            return arguments.given(option);
        }

        @Override
        public List<String> operands() {
            return arguments.operands();
        }

        @Override
        public NamespaceName namespace() {
            return NamespaceName.DEFAULT;
        }

        @Override
        public Path workingDirectory() {
            return Path.of("/home/me");
        }

        @Override
        public Map<String, String> environment() {
            return environment;
        }

        @Override
        public Optional<WindowSize> terminal() {
            return terminal ? Optional.of(new WindowSize(24, 80)) : Optional.empty();
        }

        @Override
        public boolean json() {
            return arguments.json();
        }

        @Override
        public InputStream file(String value) {
            if (value.equals("-")) {
                return stdin();
            }
            String content = files.get(value);
            if (content == null) {
                throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot open " + value, "no such file or directory");
            }
            return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public OutputStream newFile(String value) {
            if (value.equals("-")) {
                return stdout();
            }
            ByteArrayOutputStream made = new ByteArrayOutputStream();
            madeFiles.put(value, made);
            return made;
        }

        @Override
        public String ask(String prompt, boolean secret) {
            err.writeBytes((prompt + (secret ? "<hidden>" : "") + "\n").getBytes(StandardCharsets.UTF_8));
            String answer = answers.poll();
            if (answer == null) {
                throw new AssertionError("asked once more: " + prompt);
            }
            return answer;
        }

        @Override
        public InputStream stdin() {
            return new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public OutputStream stdout() {
            return out;
        }

        @Override
        public OutputStream stderr() {
            return err;
        }

        @Override
        public Progress progress() {
            return update -> err.writeBytes(("progress " + update.item() + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean stdinTerminal() {
            return terminal;
        }

        @Override
        public Optional<Handle> containerClient(StreamMode mode) {
            modes.add(mode);
            return console ? Optional.empty() : Optional.of(new MemoryHandle());
        }

        @Override
        public void handedOver() {
            if (modes.isEmpty()) {
                throw new AssertionError("no streams were given to a process");
            }
        }
    }
}
