package org.felucca.runtime.engine.systemd;

import java.util.List;
import java.util.function.Consumer;
import org.felucca.runtime.engine.dbus.Marshal;

/**
 * A property of a unit, with its value.
 *
 * @param name as {@code MemoryMax}
 * @param signature type of the value
 * @param value writes it
 */
public record UnitProperty(String name, String signature, Consumer<Marshal> value) {
    /** What systemd takes for no limit. */
    public static final long INFINITY = -1;

    /** A number without sign; {@link #INFINITY} for none. */
    public static UnitProperty number(String name, long value) {
        return new UnitProperty(name, "t", out -> out.u64(value));
    }

    /** Yes or no. */
    public static UnitProperty flag(String name, boolean value) {
        return new UnitProperty(name, "b", out -> out.bool(value));
    }

    /** Text. */
    public static UnitProperty text(String name, String value) {
        return new UnitProperty(name, "s", out -> out.string(value));
    }

    /** A bit for each member of a set. */
    public static UnitProperty bits(String name, byte[] value) {
        return new UnitProperty(name, "ay", out -> out.blob(value));
    }

    /** Processes. */
    public static UnitProperty processes(String name, List<Integer> pids) {
        return new UnitProperty(name, "au", out -> {
            out.beginArray(4);
            pids.forEach(out::u32);
            out.endArray();
        });
    }

    /** Devices and what may be done with each. */
    public static UnitProperty devices(String name, List<DeviceAccess> devices) {
        return new UnitProperty(name, "a(ss)", out -> {
            out.beginArray(8);
            devices.forEach(device -> out.struct().string(device.specifier()).string(device.access()));
            out.endArray();
        });
    }

    /**
     * A device, as systemd names it.
     *
     * @param specifier {@code /dev/char/1:3}, {@code char-136} or {@code block-*}
     * @param access of {@code rwm}
     */
    public record DeviceAccess(String specifier, String access) {}

    void write(Marshal out) {
        out.struct().string(name).variant(signature);
        value.accept(out);
    }
}
