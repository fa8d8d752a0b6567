package org.felucca.core.fake;

import java.util.ArrayList;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Counts the calls of all fakes of a world, and lets one of them fail. Thread-safe. */
public final class Faults {
    private final List<String> calls = new ArrayList<>();
    private int failing = -1;
    private int interrupting = -1;

    /** A fake is called; throws if it is its turn to fail. */
    public synchronized void at(String call) {
        int number = calls.size();
        calls.add(call);
        if (number == interrupting) {
            Thread.currentThread().interrupt();
        }
        if (number == failing) {
            throw new FeluccaException(ErrorCode.INTERNAL, "cannot " + call, "a test wants it so");
        }
    }

    /** Lets the call with this number from now on fail. */
    public synchronized void failAt(int number) {
        failing = calls.size() + number;
    }

    /** Interrupts the thread that makes the call with this number from now on. */
    public synchronized void interruptAt(int number) {
        interrupting = calls.size() + number;
    }

    /** Lets nothing fail any more. */
    public synchronized void none() {
        failing = -1;
        interrupting = -1;
    }

    /** Returns the calls so far. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }
}
