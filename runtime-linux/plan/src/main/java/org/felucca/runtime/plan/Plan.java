package org.felucca.runtime.plan;

import java.util.List;
import java.util.Optional;

/** A launch plan: its bytes, and which part of the configuration each operation came from. Immutable. */
public final class Plan {
    /** The most bytes in a plan. */
    public static final int MOST_BYTES = 1 << 20;

    /** The most operations in a plan. */
    public static final int MOST_OPERATIONS = 4096;

    /** The most slots in a plan. */
    public static final int MOST_SLOTS = 192;

    /** What a plan makes. */
    public enum Kind {
        /** A container's first process. */
        CONTAINER(1),
        /** One more process of a running container. */
        EXEC(2),
        /** A process that the program of another OCI runtime makes. */
        RUNTIME(3);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** Returns the number in the encoding. */
        public int number() {
            return number;
        }
    }

    private final Kind kind;
    private final byte[] bytes;
    private final int slotsGiven;
    private final List<String> origins;

    Plan(Kind kind, byte[] bytes, int slotsGiven, List<String> origins) {
        this.kind = kind;
        this.bytes = bytes;
        this.slotsGiven = slotsGiven;
        this.origins = List.copyOf(origins);
    }

    /** Returns what it makes. */
    public Kind kind() {
        return kind;
    }

    /** Returns the encoded plan; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns how many descriptors travel with it. */
    public int slotsGiven() {
        return slotsGiven;
    }

    /** Returns the JSON pointer of what made the operation of that index necessary; empty if there is none. */
    public Optional<String> origin(int index) {
        return index >= 0 && index < origins.size() && !origins.get(index).isEmpty()
                ? Optional.of(origins.get(index))
                : Optional.empty();
    }

    /** Returns the printed plan. */
    @Override
    public String toString() {
        return PlanPrinter.print(bytes);
    }
}
