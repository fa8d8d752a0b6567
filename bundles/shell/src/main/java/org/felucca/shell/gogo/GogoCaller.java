package org.felucca.shell.gogo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;
import org.felucca.api.command.StreamMode;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;
import org.felucca.shell.verb.Caller;

/** A console session. Its variable {@code felucca.namespace} chooses the tenant. */
final class GogoCaller implements Caller {
    private static final String NAMESPACE = "felucca.namespace";

    private final CommandSession session;
    private final Process process;

    GogoCaller(CommandSession session, Process process) {
        this.session = session;
        this.process = process;
    }

    @Override
    public NamespaceName namespace() {
        Object chosen = session.get(NAMESPACE);
        return chosen == null ? NamespaceName.DEFAULT : new NamespaceName(chosen.toString());
    }

    @Override
    public Path workingDirectory() {
        Path directory = session.currentDir();
        return directory == null ? Path.of("/") : directory.toAbsolutePath();
    }

    @Override
    public Map<String, String> environment() {
        return System.getenv();
    }

    @Override
    public Optional<WindowSize> terminal() {
        return Optional.empty();
    }

    @Override
    public boolean stdinTerminal() {
        return false;
    }

    @Override
    public Optional<WindowSize> stderrTerminal() {
        return Optional.empty();
    }

    @Override
    public InputStream stdin() {
        return process.in();
    }

    @Override
    public OutputStream stdout() {
        return process.out();
    }

    @Override
    public OutputStream stderr() {
        return process.err();
    }

    @Override
    public InputStream open(String path) {
        try {
            return Files.newInputStream(workingDirectory().resolve(path));
        } catch (NoSuchFileException e) {
            throw refused(ErrorCode.NOT_FOUND, path, "no such file or directory", e);
        } catch (AccessDeniedException e) {
            throw refused(ErrorCode.PERMISSION_DENIED, path, "permission denied", e);
        } catch (IOException e) {
            throw refused(ErrorCode.INVALID_ARGUMENT, path, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public OutputStream create(String path) {
        Path file = workingDirectory().resolve(path);
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT, "cannot write " + path, "it is no file", "give another name");
            }
            return Files.newOutputStream(file);
        } catch (NoSuchFileException e) {
            throw refused(ErrorCode.NOT_FOUND, path, "no such directory", e);
        } catch (AccessDeniedException e) {
            throw refused(ErrorCode.PERMISSION_DENIED, path, "permission denied", e);
        } catch (IOException e) {
            throw refused(ErrorCode.INVALID_ARGUMENT, path, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void echo(boolean shown) {
        // A console session is asked nothing: it has no terminal of its own.
    }

    private static FeluccaException refused(ErrorCode code, String path, String reason, IOException cause) {
        return new FeluccaException(code, "cannot open " + path, reason, "give a file the daemon can read", cause);
    }

    @Override
    public Optional<Handle> connectStreams(StreamMode mode, byte[] detachKeys) {
        return Optional.empty();
    }

    @Override
    public OptionalInt interruptedBy() {
        return OptionalInt.empty();
    }
}
