package org.felucca.runtime.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.felucca.oci.runtimespec.linux.KernelCapabilities;
import org.jspecify.annotations.Nullable;

/** Capabilities by name and number, as {@code linux/capability.h}. */
public final class CapabilityNames {
    private static final List<String> NAMES = KernelCapabilities.NAMES;
    private static final Map<String, Integer> NUMBERS = new HashMap<>();

    static {
        for (int i = 0; i < NAMES.size(); i++) {
            NUMBERS.put(NAMES.get(i), i);
        }
    }

    private CapabilityNames() {}

    /** Returns the number of a name such as {@code CAP_CHOWN}; empty if there is no such capability. */
    public static OptionalInt number(String name) {
        @Nullable Integer number = NUMBERS.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Returns the name, or {@code CAP_n} for a number without one. */
    public static String name(int number) {
        return number < NAMES.size() ? NAMES.get(number) : "CAP_" + number;
    }

    /** Returns the bits of all capabilities up to the kernel's last. */
    public static long all(int last) {
        return last >= 63 ? -1 : (1L << last + 1) - 1;
    }
}
