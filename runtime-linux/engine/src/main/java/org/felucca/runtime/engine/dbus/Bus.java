package org.felucca.runtime.engine.dbus;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Predicate;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a message bus. Everything it does has to be done by one deadline. Confined to one thread.
 *
 * <p>Every method throws UNAVAILABLE if the bus is gone, DEADLINE_EXCEEDED if it is too slow, and CANCELLED on an
 * interrupt.
 */
public final class Bus implements AutoCloseable {
    private static final String NAME = "org.freedesktop.DBus";
    private static final String PATH = "/org/freedesktop/DBus";
    private static final String SUBJECT = "cannot use the system bus";
    private static final String FIX = "start dbus, or set cgroupDriver=cgroupfs";
    private static final int LONGEST_LINE = 16384;
    private static final String UNIX = "unix:";
    private static final Path DEFAULT = Path.of("/run/dbus/system_bus_socket");

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final long deadline;
    private final Queue<Signal> signals = new ArrayDeque<>();
    private long serial;

    /**
     * A signal that was emitted.
     *
     * @param path of the object
     * @param contract its interface
     * @param member its name
     */
    public record Signal(String path, String contract, String member, byte[] body, boolean bigEndian) {
        /** Returns its values, from the first. */
        public Unmarshal values() {
            return new Unmarshal(body, bigEndian);
        }
    }

    private Bus(SocketChannel channel, Selector selector, SelectionKey key, long deadline) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
        this.deadline = deadline;
    }

    /**
     * Where the system bus listens.
     *
     * @param address value of {@code DBUS_SYSTEM_BUS_ADDRESS}; null if it is not set
     * @throws FeluccaException UNSUPPORTED if it names no socket of a file
     */
    public static Path systemBus(@Nullable String address) {
        if (address == null || address.isEmpty()) {
            return DEFAULT;
        }
        for (String one : address.split(";")) {
            for (String part :
                    one.startsWith(UNIX) ? one.substring(UNIX.length()).split(",") : new String[0]) {
                if (part.startsWith("path=") && part.indexOf('%') < 0) {
                    return Path.of(part.substring("path=".length()));
                }
            }
        }
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED, SUBJECT, "DBUS_SYSTEM_BUS_ADDRESS is '" + address + "'", "name unix:path=PATH");
    }

    /**
     * Connects, and introduces itself.
     *
     * @param socket where the bus listens
     * @param within for this and everything that is done with the connection
     */
    public static Bus connect(Path socket, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Bus bus = open(socket, deadline);
        try {
            bus.authenticate();
            bus.call(NAME, PATH, NAME, "Hello", "", new Marshal());
            return bus;
        } catch (BusError e) {
            bus.close();
            throw new FeluccaException(ErrorCode.UNAVAILABLE, SUBJECT, String.valueOf(e.getMessage()), FIX, e);
        } catch (RuntimeException e) {
            bus.close();
            throw e;
        }
    }

    @SuppressWarnings("resource") // both are closed by close()
    private static Bus open(Path socket, long deadline) {
        try {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            try {
                channel.configureBlocking(false);
                Selector selector = Selector.open();
                return new Bus(channel, selector, channel.register(selector, SelectionKey.OP_READ), deadline);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new FeluccaException(ErrorCode.UNAVAILABLE, SUBJECT, socket + ": " + e.getMessage(), FIX, e);
        }
    }

    /** SASL's EXTERNAL without a name: this is whom the kernel says it is. */
    private void authenticate() {
        ask("\0AUTH EXTERNAL\r\n", "DATA");
        ask("DATA\r\n", "OK ");
        write("BEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private void ask(String line, String expected) {
        write(line.getBytes(StandardCharsets.US_ASCII));
        String answer = line();
        if (!answer.startsWith(expected)) {
            throw new FeluccaException(ErrorCode.PERMISSION_DENIED, SUBJECT, "it answers '" + answer + "'");
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            char next = (char) (read(1)[0] & 0xff);
            if (next == '\n' && line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
                return line.substring(0, line.length() - 1);
            }
            line.append(next);
        }
        throw Unmarshal.malformed("a line does not end");
    }

    /**
     * Calls a method, and awaits its answer. Signals that come before it are kept for {@link #awaitSignal}.
     *
     * @param destination who has the object
     * @param signature types of the arguments; empty for none
     * @return the answer's values
     * @throws BusError if it answers so
     */
    public Unmarshal call(
            String destination, String path, String contract, String member, String signature, Marshal arguments)
            throws BusError {
        long own = ++serial;
        write(BusMessage.call(own, destination, path, contract, member, signature, arguments.bytes())
                .encode());
        while (true) {
            BusMessage message = receive();
            if (message.type() == BusMessage.SIGNAL) {
                keep(message);
            } else if (message.replySerial() == own) {
                return answer(message);
            }
        }
    }

    private static Unmarshal answer(BusMessage message) throws BusError {
        if (message.type() != BusMessage.ERROR) {
            return message.values();
        }
        String text = message.signature().startsWith("s") ? message.values().string() : message.error();
        throw new BusError(message.error(), text);
    }

    private void keep(BusMessage message) {
        signals.add(
                new Signal(message.path(), message.contract(), message.member(), message.body(), message.bigEndian()));
    }

    /** Has signals that match sent here; which: the specification, "Match Rules". */
    public void match(String rule) throws BusError {
        call(NAME, PATH, NAME, "AddMatch", "s", new Marshal().string(rule));
    }

    /** Awaits a signal, and forgets those before it. */
    public Signal awaitSignal(Predicate<Signal> wanted) {
        while (true) {
            for (Signal signal = signals.poll(); signal != null; signal = signals.poll()) {
                if (wanted.test(signal)) {
                    return signal;
                }
            }
            BusMessage message = receive();
            if (message.type() == BusMessage.SIGNAL) {
                keep(message);
            }
        }
    }

    private BusMessage receive() {
        byte[] prefix = read(BusMessage.PREFIX);
        int length = BusMessage.length(prefix);
        byte[] rest = read(length - prefix.length);
        byte[] whole = new byte[length];
        System.arraycopy(prefix, 0, whole, 0, prefix.length);
        System.arraycopy(rest, 0, whole, prefix.length, rest.length);
        return BusMessage.decode(whole);
    }

    private byte[] read(int count) {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        try {
            while (buffer.hasRemaining()) {
                int got = channel.read(buffer);
                if (got < 0) {
                    throw new FeluccaException(ErrorCode.UNAVAILABLE, SUBJECT, "it has ended the connection", FIX);
                }
                if (got == 0) {
                    await(SelectionKey.OP_READ);
                }
            }
            return buffer.array();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private void write(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    await(SelectionKey.OP_WRITE);
                }
            }
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private void await(int operation) throws IOException {
        long rest = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        key.interestOps(operation);
        if (rest <= 0 || selector.select(rest) == 0 && System.nanoTime() >= deadline) {
            throw new FeluccaException(ErrorCode.DEADLINE_EXCEEDED, SUBJECT, "it does not answer in time");
        }
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new FeluccaException(ErrorCode.CANCELLED, SUBJECT, "interrupted");
        }
    }

    private static FeluccaException lost(IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new FeluccaException(ErrorCode.CANCELLED, SUBJECT, "interrupted", null, e);
        }
        return new FeluccaException(ErrorCode.UNAVAILABLE, SUBJECT, String.valueOf(e.getMessage()), FIX, e);
    }

    @Override
    public void close() {
        try (selector) {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
