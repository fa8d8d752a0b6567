package org.felucca.winapi.abi;

import com.kenai.jffi.MemoryIO;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for the arguments of a call, freed together when the arena is closed: strings as UTF-16 with a
 * terminating zero, GUIDs, slots for results, zeroed structures. Confined to one thread.
 */
public final class Arena implements AutoCloseable {

    private static final MemoryIO MEMORY = MemoryIO.getInstance();
    private static final int POINTER = 8;
    private static final int GUID = 16;

    private final List<Long> blocks = new ArrayList<>(4);

    /** Reserves {@code size} zero bytes, aligned for any type. */
    public long zeros(int size) {
        long address = MEMORY.allocateMemory(size, true);
        if (address == 0) {
            throw new OutOfMemoryError("no native memory of " + size + " bytes");
        }
        blocks.add(address);
        return address;
    }

    /** Reserves a slot of 64 bits for an out parameter, holding zero. */
    public long slot() {
        return zeros(POINTER);
    }

    /**
     * Places a string; null and the empty string differ: null is no string at all, address 0.
     *
     * @throws IllegalArgumentException if the text holds a zero, which would cut it short
     */
    public long wide(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a string for Windows holds a zero: " + text.replace('\0', '?'));
        }
        long address = zeros(2 * text.length() + 2);
        for (int i = 0; i < text.length(); i++) {
            MEMORY.putShort(address + 2L * i, (short) text.charAt(i));
        }
        return address;
    }

    /** Places a GUID: three little-endian integers, then eight bytes as they are written. */
    public long guid(UUID id) {
        long address = zeros(GUID);
        putGuid(address, id);
        return address;
    }

    /** Writes a GUID into a structure. */
    public static void putGuid(long address, UUID id) {
        long high = id.getMostSignificantBits();
        MEMORY.putInt(address, (int) (high >>> 32));
        MEMORY.putShort(address + 4, (short) (high >>> 16));
        MEMORY.putShort(address + 6, (short) high);
        MEMORY.putLong(address + 8, Long.reverseBytes(id.getLeastSignificantBits()));
    }

    public static int getInt(long address) {
        return MEMORY.getInt(address);
    }

    public static long getLong(long address) {
        return MEMORY.getLong(address);
    }

    public static void putInt(long address, int value) {
        MEMORY.putInt(address, value);
    }

    public static void putLong(long address, long value) {
        MEMORY.putLong(address, value);
    }

    public static void getBytes(long address, byte[] into, int offset, int length) {
        MEMORY.getByteArray(address, into, offset, length);
    }

    public static void putBytes(long address, byte[] from, int offset, int length) {
        MEMORY.putByteArray(address, from, offset, length);
    }

    /** Copies a string that somebody else owns; the empty string for address 0. */
    public static String getWide(long address) {
        if (address == 0) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (long at = address; ; at += 2) {
            char c = (char) MEMORY.getShort(at);
            if (c == 0) {
                return text.toString();
            }
            text.append(c);
        }
    }

    @Override
    public void close() {
        for (long block : blocks) {
            MEMORY.freeMemory(block);
        }
        blocks.clear();
    }
}
