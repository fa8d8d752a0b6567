package org.felucca.shell.verb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.felucca.api.command.StreamMode;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;
import org.jspecify.annotations.Nullable;

/** A caller in memory, without files and streams. */
final class FakeCaller implements Caller {
    OptionalInt signal = OptionalInt.empty();

    /** What is typed at the terminal; null without one. */
    @Nullable
    String typed;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public NamespaceName namespace() {
        return NamespaceName.DEFAULT;
    }

    @Override
    public Path workingDirectory() {
        return Path.of("/work");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public Optional<WindowSize> terminal() {
        return Optional.empty();
    }

    @Override
    public boolean stdinTerminal() {
        return typed != null;
    }

    @Override
    public Optional<WindowSize> stderrTerminal() {
        return Optional.empty();
    }

    @Override
    public InputStream stdin() {
        byte[] bytes = typed == null ? new byte[0] : typed.getBytes(StandardCharsets.UTF_8);
        return new ByteArrayInputStream(bytes);
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
    public InputStream open(String path) {
        throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot open " + path, "there are no files");
    }

    @Override
    public OutputStream create(String path) {
        throw new FeluccaException(ErrorCode.PERMISSION_DENIED, "cannot write " + path, "there are no files");
    }

    @Override
    public void echo(boolean shown) {
        err.writeBytes((shown ? "<shown>" : "<hidden>").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<Handle> connectStreams(StreamMode mode, byte[] detachKeys) {
        return Optional.empty();
    }

    @Override
    public OptionalInt interruptedBy() {
        return signal;
    }
}
