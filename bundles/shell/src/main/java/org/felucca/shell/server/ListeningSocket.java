package org.felucca.shell.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.net.UnixSocket;
import org.jspecify.annotations.Nullable;

/**
 * The socket that clients connect to: the one that supervise holds and handed over, so that a restart drops no
 * connection, or one of our own.
 */
final class ListeningSocket implements AutoCloseable {
    /** Lists sockets that supervise holds: {@code name:fd,name:fd}. */
    static final String INHERITED = "FELUCCA_LISTEN_FDS";

    private static final String NAME = "command";
    private static final String SCHEME = "unix://";
    private static final int BACKLOG = 512;

    private final Fd fd;
    private final @Nullable Path own;

    private ListeningSocket(Fd fd, @Nullable Path own) {
        this.fd = fd;
        this.own = own;
        Io.setNonBlocking(fd, true);
    }

    /**
     * Takes the socket that was handed over, or binds one.
     *
     * @param handedOver the variable's value, or null
     * @param address {@code unix:///PATH}
     * @throws FeluccaException INVALID_ARGUMENT if one of them is malformed, ALREADY_EXISTS if somebody else listens,
     *     FAILED_PRECONDITION if the path cannot be used
     */
    static ListeningSocket open(@Nullable String handedOver, String address) {
        Optional<Integer> inherited = inherited(handedOver);
        return inherited.isPresent() ? new ListeningSocket(Fd.adopt(inherited.get()), null) : bind(path(address));
    }

    Fd fd() {
        return fd;
    }

    /** The path of an address. */
    static Path path(String address) {
        if (!address.startsWith(SCHEME + "/")) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot listen on '" + address + "'",
                    "it is not an address of the form unix:///PATH",
                    "give one like unix:///run/felucca/felucca.sock");
        }
        return Path.of(address.substring(SCHEME.length()));
    }

    private static Optional<Integer> inherited(@Nullable String handedOver) {
        if (handedOver == null || handedOver.isBlank()) {
            return Optional.empty();
        }
        for (String entry : handedOver.split(",")) {
            String[] parts = entry.split(":", -1);
            if (parts.length != 2 || !parts[1].matches("\\d{1,6}")) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT, "cannot read " + INHERITED, "'" + entry + "' is not name:fd");
            }
            if (parts[0].equals(NAME)) {
                return Optional.of(Integer.parseInt(parts[1]));
            }
        }
        return Optional.empty();
    }

    private static ListeningSocket bind(Path path) {
        try {
            removeStale(path);
            Fd socket = UnixSocket.listen(path, UnixSocket.Type.STREAM, BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
            return new ListeningSocket(socket, path);
        } catch (PosixException | IOException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot listen on " + path,
                    String.valueOf(e.getMessage()),
                    "give another --address",
                    e);
        }
    }

    /** A socket file that nobody listens on is left over from a daemon that was killed. */
    private static void removeStale(Path path) throws IOException {
        try (Fd probe = UnixSocket.connect(path, UnixSocket.Type.STREAM)) {
            throw new FeluccaException(
                    ErrorCode.ALREADY_EXISTS,
                    "cannot listen on " + path,
                    "another daemon listens there (" + probe + ")",
                    "stop it, or give another --address");
        } catch (PosixException e) {
            if (e.is(Errno.ECONNREFUSED)) {
                Files.delete(path);
            } else if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    /** Closes and removes a socket of our own; one that was handed over stays open for whoever comes next. */
    @Override
    public void close() {
        if (own == null) {
            fd.release();
            return;
        }
        fd.close();
        try {
            Files.deleteIfExists(own);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot remove " + own, e);
        }
    }
}
