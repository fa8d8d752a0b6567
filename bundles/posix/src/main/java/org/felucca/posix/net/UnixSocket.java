package org.felucca.posix.net;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Names;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/**
 * Sockets of the Unix family, as descriptors. Blocking unless {@link Io#setNonBlocking} says otherwise; a call on a
 * non-blocking one that would have to wait answers {@link Io#WOULD_BLOCK}. Sending to a closed peer is EPIPE, without
 * a signal.
 *
 * <p>One thread may send while another receives.
 */
public final class UnixSocket {

    /** The most descriptors one message carries: {@code SCM_MAX_FD}. */
    public static final int MOST_DESCRIPTORS = 253;

    /** Bytes of an address after the family: {@code sun_path}. */
    public static final int LONGEST_PATH = 107;

    private static final int AF_UNIX = 1;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSGHDR_SIZE = 56;
    private static final int IOVEC_SIZE = 16;
    private static final int CMSG_HEADER = 16;

    private UnixSocket() {}

    /** What a socket carries. */
    public enum Type {
        /** Bytes. */
        STREAM(1),
        /** Messages, in order, with a connection. */
        SEQPACKET(5),
        /** Messages, each by itself. */
        DATAGRAM(2);

        private final int value;

        Type(int value) {
            this.value = value;
        }
    }

    /**
     * Which way is closed by {@link UnixSocket#shutdown}.
     */
    public enum Direction {
        READ,
        WRITE,
        BOTH
    }

    /**
     * Who is at the other end, as of its connect or socketpair.
     *
     * @param pid in this process's pid namespace; 0 if it cannot be seen from here
     * @param uid effective user
     * @param gid effective group
     */
    public record Peer(int pid, int uid, int gid) {}

    /**
     * What was received with one call.
     *
     * @param bytes how many; 0 at the end of a stream, {@link Io#WOULD_BLOCK}
     * @param descriptors owned by the receiver, close-on-exec
     * @param truncated whether the message was longer than the buffer (the rest is lost)
     */
    public record Received(int bytes, List<Fd> descriptors, boolean truncated) {

        /** Closes all descriptors. */
        public void discard() {
            descriptors.forEach(Fd::close);
        }
    }

    /** Two sockets connected to each other. */
    public static Fd[] pair(Type type) {
        long pair = Scratch.begin().reserve(8);
        if (Libc.call(Syscalls.SOCKETPAIR, AF_UNIX, type.value | SOCK_CLOEXEC, 0, pair) < 0) {
            throw new PosixException(Libc.errno(), "socketpair", "");
        }
        return new Fd[] {Fd.adopt(Scratch.getInt(pair)), Fd.adopt(Scratch.getInt(pair + 4))};
    }

    /**
     * A socket bound to a new file {@code path} and listening; EADDRINUSE if there is one. Access is by the file's
     * mode.
     */
    public static Fd listen(Path path, Type type, int backlog) {
        Fd socket = socket(type);
        try {
            Scratch scratch = Scratch.begin();
            long address = address(scratch, path);
            int length = addressLength(path);
            check(Libc.call(Syscalls.BIND, socket.raw(), address, length), "bind", path.toString());
            check(Libc.call(Syscalls.LISTEN, socket.raw(), backlog), "listen", path.toString());
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** @throws PosixException ECONNREFUSED if nobody listens, ENOENT if there is no such file */
    public static Fd connect(Path path, Type type) {
        Fd socket = socket(type);
        try {
            long result;
            do {
                long address = address(Scratch.begin(), path);
                result = Libc.call(Syscalls.CONNECT, socket.raw(), address, addressLength(path));
            } while (result < 0 && Libc.errno() == Errno.EINTR.value());
            check(result, "connect", path.toString());
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** The next connection of a listening socket; empty if it is non-blocking and there is none. */
    public static java.util.Optional<Fd> accept(Fd listener) {
        long result;
        do {
            result = Libc.call(Syscalls.ACCEPT4, listener.raw(), 0, 0, SOCK_CLOEXEC);
        } while (result < 0 && (Libc.errno() == Errno.EINTR.value() || Libc.errno() == Errno.ECONNABORTED.value()));
        if (result < 0 && Libc.errno() == Errno.EAGAIN.value()) {
            return java.util.Optional.empty();
        }
        return java.util.Optional.of(Fd.adopt((int) check(result, "accept4", listener.toString())));
    }

    /** @see Peer */
    public static Peer peer(Fd socket) {
        Scratch scratch = Scratch.begin();
        long credentials = scratch.reserve(12);
        long length = scratch.reserve(4);
        Scratch.putInt(length, 12);
        long result = Libc.call(Syscalls.GETSOCKOPT, socket.raw(), SOL_SOCKET, SO_PEERCRED, credentials, length);
        check(result, "getsockopt", socket.toString());
        return new Peer(Scratch.getInt(credentials), Scratch.getInt(credentials + 4), Scratch.getInt(credentials + 8));
    }

    public static void shutdown(Fd socket, Direction direction) {
        check(Libc.call(Syscalls.SHUTDOWN, socket.raw(), direction.ordinal()), "shutdown", socket.toString());
    }

    /** Asks for buffers of {@code bytes} in both directions; the kernel doubles it and has a ceiling. */
    public static void setBuffers(Fd socket, int bytes) {
        for (int option : new int[] {SO_SNDBUF, SO_RCVBUF}) {
            long value = Scratch.begin().reserve(4);
            Scratch.putInt(value, bytes);
            check(
                    Libc.call(Syscalls.SETSOCKOPT, socket.raw(), SOL_SOCKET, option, value, 4),
                    "setsockopt",
                    socket.toString());
        }
    }

    /**
     * Sends what the direct buffer holds, possibly less on a stream, and copies of the descriptors with its first
     * byte. The descriptors stay the caller's. A stream message with descriptors needs at least a byte.
     *
     * @return bytes sent, or {@link Io#WOULD_BLOCK} with nothing sent
     */
    public static int send(Fd socket, ByteBuffer buffer, List<Fd> descriptors) {
        if (descriptors.size() > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(descriptors.size() + " descriptors in one message");
        }
        long data = Scratch.address(buffer) + buffer.position();
        Scratch scratch = Scratch.begin();
        int rights = descriptors.size() * 4;
        long control = 0;
        int controlLength = 0;
        if (rights > 0) {
            controlLength = CMSG_HEADER + align(rights);
            control = scratch.zeros(controlLength);
            Scratch.putLong(control, CMSG_HEADER + rights);
            Scratch.putInt(control + 8, SOL_SOCKET);
            Scratch.putInt(control + 12, SCM_RIGHTS);
            for (int i = 0; i < descriptors.size(); i++) {
                Scratch.putInt(
                        control + CMSG_HEADER + 4L * i, descriptors.get(i).raw());
            }
        }
        long header = header(scratch, data, buffer.remaining(), control, controlLength);
        long sent;
        do {
            sent = Libc.call(Syscalls.SENDMSG, socket.raw(), header, MSG_NOSIGNAL);
            if (sent < 0 && Libc.errno() == Errno.EAGAIN.value()) {
                return Io.WOULD_BLOCK;
            }
        } while (sent < 0 && Libc.errno() == Errno.EINTR.value());
        check(sent, "sendmsg", socket.toString());
        buffer.position(buffer.position() + (int) sent);
        return (int) sent;
    }

    /** Sends bytes only. */
    public static int send(Fd socket, ByteBuffer buffer) {
        return send(socket, buffer, List.of());
    }

    /**
     * Receives into the direct buffer, and the descriptors that came along.
     *
     * @param mostDescriptors how many are accepted; more is EMSGSIZE with none left open
     */
    public static Received receive(Fd socket, ByteBuffer buffer, int mostDescriptors) {
        long data = Scratch.address(buffer) + buffer.position();
        Scratch scratch = Scratch.begin();
        int controlLength = CMSG_HEADER + align(mostDescriptors * 4);
        long control = scratch.zeros(controlLength);
        long header = header(scratch, data, buffer.remaining(), control, controlLength);
        long count;
        do {
            count = Libc.call(Syscalls.RECVMSG, socket.raw(), header, MSG_CMSG_CLOEXEC);
            if (count < 0 && Libc.errno() == Errno.EAGAIN.value()) {
                return new Received(Io.WOULD_BLOCK, List.of(), false);
            }
        } while (count < 0 && Libc.errno() == Errno.EINTR.value());
        check(count, "recvmsg", socket.toString());
        int flags = Scratch.getInt(header + 48);
        List<Fd> descriptors = descriptors(control, Scratch.getLong(header + 40));
        if ((flags & MSG_CTRUNC) != 0 || descriptors.size() > mostDescriptors) {
            descriptors.forEach(Fd::close);
            throw new PosixException(
                    Errno.EMSGSIZE.value(), "recvmsg", socket.toString(), "more descriptors than " + mostDescriptors);
        }
        buffer.position(buffer.position() + (int) count);
        return new Received((int) count, descriptors, (flags & MSG_TRUNC) != 0);
    }

    private static List<Fd> descriptors(long control, long length) {
        if (length < CMSG_HEADER) {
            return List.of();
        }
        List<Fd> descriptors = new ArrayList<>();
        long at = control;
        while (at + CMSG_HEADER <= control + length) {
            long size = Scratch.getLong(at);
            if (size < CMSG_HEADER) {
                break;
            }
            if (Scratch.getInt(at + 8) == SOL_SOCKET && Scratch.getInt(at + 12) == SCM_RIGHTS) {
                for (long fd = at + CMSG_HEADER; fd + 4 <= at + size; fd += 4) {
                    descriptors.add(Fd.adopt(Scratch.getInt(fd)));
                }
            }
            at += align((int) size);
        }
        return List.copyOf(descriptors);
    }

    private static long header(Scratch scratch, long data, int length, long control, int controlLength) {
        long vector = scratch.reserve(IOVEC_SIZE);
        Scratch.putLong(vector, data);
        Scratch.putLong(vector + 8, length);
        long header = scratch.zeros(MSGHDR_SIZE);
        Scratch.putLong(header + 16, vector);
        Scratch.putLong(header + 24, 1);
        Scratch.putLong(header + 32, control);
        Scratch.putLong(header + 40, controlLength);
        return header;
    }

    private static int align(int length) {
        return (length + 7) & ~7;
    }

    private static Fd socket(Type type) {
        long fd = Libc.call(Syscalls.SOCKET, AF_UNIX, type.value | SOCK_CLOEXEC, 0);
        return Fd.adopt((int) check(fd, "socket", ""));
    }

    private static long address(Scratch scratch, Path path) {
        byte[] bytes = Names.encode(path.toString());
        if (bytes.length > LONGEST_PATH) {
            throw new PosixException(
                    Errno.ENAMETOOLONG.value(), "socket", path.toString(), "more than " + LONGEST_PATH + " bytes");
        }
        long address = scratch.zeros(2 + LONGEST_PATH + 1);
        Scratch.putShort(address, (short) AF_UNIX);
        for (int i = 0; i < bytes.length; i++) {
            Scratch.putByte(address + 2 + i, bytes[i]);
        }
        return address;
    }

    private static int addressLength(Path path) {
        return 2 + Names.encode(path.toString()).length + 1;
    }

    private static long check(long result, String operation, String path) {
        if (result < 0) {
            throw new PosixException(Libc.errno(), operation, path);
        }
        return result;
    }
}
