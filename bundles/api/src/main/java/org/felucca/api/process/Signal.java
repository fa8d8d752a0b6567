package org.felucca.api.process;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * A signal by its Linux number (x86-64 and arm64 agree on these), 1 to 64.
 *
 * @param number the number
 */
public record Signal(int number) {
    private static final Map<String, Integer> BY_NAME = new TreeMap<>();

    static {
        String[] names = {
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS"
        };
        for (int i = 0; i < names.length; i++) {
            BY_NAME.put(names[i], i + 1);
        }
        BY_NAME.put("IOT", 6);
        BY_NAME.put("CLD", 17);
        BY_NAME.put("POLL", 29);
    }

    /** SIGTERM. */
    public static final Signal TERM = new Signal(15);

    /** SIGKILL. */
    public static final Signal KILL = new Signal(9);

    /** Checks the range. */
    public Signal {
        if (number < 1 || number > 64) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT, "invalid signal " + number, "it is not within 1..64");
        }
    }

    /**
     * Reads {@code 9}, {@code KILL}, {@code SIGKILL}, {@code sigkill}, {@code RTMIN}, {@code RTMIN+3}, {@code RTMAX-2}.
     *
     * @throws FeluccaException INVALID_ARGUMENT if it is none of these
     */
    public static Signal parse(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        Integer known = BY_NAME.get(name);
        if (known != null) {
            return new Signal(known);
        }
        try {
            if (name.startsWith("RTMIN")) {
                return new Signal(34 + (name.length() == 5 ? 0 : Integer.parseInt(name.substring(5))));
            }
            if (name.startsWith("RTMAX")) {
                return new Signal(64 + (name.length() == 5 ? 0 : Integer.parseInt(name.substring(5))));
            }
            return new Signal(Integer.parseInt(name));
        } catch (NumberFormatException e) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid signal " + text,
                    "no signal has that name",
                    "use a number within 1..64 or a name such as TERM, SIGKILL, RTMIN+3",
                    e);
        }
    }

    /** Returns the name with its prefix, such as {@code SIGTERM}; real-time signals as {@code SIGRTMIN+n}. */
    public String displayName() {
        if (number >= 34) {
            return number == 34 ? "SIGRTMIN" : "SIGRTMIN+" + (number - 34);
        }
        for (Map.Entry<String, Integer> entry : BY_NAME.entrySet()) {
            if (entry.getValue() == number
                    && !entry.getKey().equals("IOT")
                    && !entry.getKey().equals("CLD")
                    && !entry.getKey().equals("POLL")) {
                return "SIG" + entry.getKey();
            }
        }
        return "SIG" + number;
    }
}
