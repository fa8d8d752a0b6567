package org.felucca.shell.verb;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.StreamMode;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;
import org.felucca.shell.parse.Arguments;

/** Parsed arguments and the caller they came from. */
final class ShellInvocation implements Invocation {
    private final Arguments arguments;
    private final Caller caller;
    private final Progress progress;
    private volatile boolean handedOver;

    ShellInvocation(Arguments arguments, Caller caller, Progress progress) {
        this.arguments = arguments;
        this.caller = caller;
        this.progress = progress;
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
        return caller.namespace();
    }

    @Override
    public Path workingDirectory() {
        return caller.workingDirectory();
    }

    @Override
    public Map<String, String> environment() {
        return caller.environment();
    }

    @Override
    public Optional<WindowSize> terminal() {
        return caller.terminal();
    }

    @Override
    public boolean json() {
        return arguments.json();
    }

    @Override
    public InputStream file(String value) {
        return value.equals("-") ? caller.stdin() : caller.open(value);
    }

    @Override
    public OutputStream newFile(String value) {
        return value.equals("-") ? caller.stdout() : caller.create(value);
    }

    @Override
    public String ask(String prompt, boolean secret) {
        return new Question(caller, prompt, secret).ask();
    }

    @Override
    public InputStream stdin() {
        return caller.stdin();
    }

    @Override
    public OutputStream stdout() {
        return caller.stdout();
    }

    @Override
    public OutputStream stderr() {
        return caller.stderr();
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public boolean stdinTerminal() {
        return caller.stdinTerminal();
    }

    @Override
    public Optional<Handle> containerClient(StreamMode mode) {
        return caller.connectStreams(mode, mode.terminal() ? DetachKeys.parse(mode.detachKeys()) : new byte[0]);
    }

    @Override
    public void handedOver() {
        handedOver = true;
    }

    boolean isHandedOver() {
        return handedOver;
    }
}
