package org.felucca.shell.server;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.process.WindowSize;

/**
 * Who calls from where, and what was typed; {@code docs/spec/command-protocol.md}, section 2.
 *
 * @param flags which of the client's streams are terminals
 * @param window the size of its terminal, 0 by 0 for none
 * @param namespace the tenant, not yet checked
 * @param directory its working directory; empty if that is gone
 * @param arguments the command line
 * @param environment its environment, without entries that are not UTF-8
 */
record Hello(
        int flags,
        WindowSize window,
        String namespace,
        String directory,
        List<String> arguments,
        Map<String, String> environment) {
    static final int VERSION = 1;
    static final int STDIN_TERMINAL = 1;
    static final int STDOUT_TERMINAL = 2;
    static final int STDERR_TERMINAL = 4;

    private static final int MOST_STRINGS = 65536;

    /**
     * Reads a payload.
     *
     * @throws ProtocolException if it is malformed, of another version, or an argument is not UTF-8
     */
    static Hello parse(byte[] payload) {
        try {
            ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
            int version = in.getInt();
            if (version != VERSION) {
                throw new ProtocolException("the client speaks version " + Integer.toUnsignedString(version)
                        + " of the command protocol, the daemon version " + VERSION
                        + "; use the client of the daemon's version");
            }
            int flags = in.getInt();
            int window = in.getInt();
            Hello hello = new Hello(
                    flags,
                    new WindowSize(window & 0xffff, window >>> 16),
                    text(in, "the namespace"),
                    text(in, "the working directory"),
                    arguments(in),
                    environment(in));
            if (in.hasRemaining()) {
                throw new ProtocolException("HELLO has " + in.remaining() + " bytes too many");
            }
            return hello;
        } catch (BufferUnderflowException e) {
            throw new ProtocolException("HELLO ends too early");
        }
    }

    private static List<String> arguments(ByteBuffer in) {
        int count = count(in);
        List<String> arguments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            arguments.add(text(in, "argument " + (i + 1)));
        }
        return List.copyOf(arguments);
    }

    private static Map<String, String> environment(ByteBuffer in) {
        int count = count(in);
        Map<String, String> environment = new HashMap<>(count * 2);
        for (int i = 0; i < count; i++) {
            byte[] entry = bytes(in);
            int equals = 0;
            while (equals < entry.length && entry[equals] != '=') {
                equals++;
            }
            Optional<String> text = decode(entry);
            if (equals > 0 && equals < entry.length && text.isPresent()) {
                int at = text.get().indexOf('=');
                environment.putIfAbsent(text.get().substring(0, at), text.get().substring(at + 1));
            }
        }
        return Map.copyOf(environment);
    }

    private static int count(ByteBuffer in) {
        int count = in.getInt();
        if (count < 0 || count > MOST_STRINGS) {
            throw new ProtocolException("HELLO has a list of " + Integer.toUnsignedString(count) + " strings, at most "
                    + MOST_STRINGS + " are allowed");
        }
        return count;
    }

    private static String text(ByteBuffer in, String what) {
        return decode(bytes(in)).orElseThrow(() -> new ProtocolException(what + " is not UTF-8; write it as UTF-8"));
    }

    private static Optional<String> decode(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                try {
                    return Optional.of(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
                } catch (CharacterCodingException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        int padded = length < 0 ? -1 : length + 4 & ~3;
        if (padded < 0 || padded > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        for (int i = length; i < padded; i++) {
            if (in.get() != 0) {
                throw new ProtocolException("HELLO has a string that is not padded with zeros");
            }
        }
        return bytes;
    }
}
