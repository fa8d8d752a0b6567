package org.felucca.posix.seccomp;

import java.util.List;

/**
 * What to filter.
 *
 * @param defaultAction for calls that no rule matches
 * @param architectures libseccomp's names ({@code x86_64}, {@code x86}, {@code x32}, {@code aarch64}, ...); the
 *     native one is always among them
 * @param rules in any order
 */
public record SeccompProfile(SeccompAction defaultAction, List<String> architectures, List<Rule> rules) {

    public SeccompProfile {
        architectures = List.copyOf(architectures);
        rules = List.copyOf(rules);
    }

    /**
     * Calls and what to do about them.
     *
     * @param names system calls by name; one that an architecture does not have is passed over there
     * @param action what happens
     * @param conditions all must hold; conditions on one and the same argument are alternatives, as in runc
     */
    public record Rule(List<String> names, SeccompAction action, List<Condition> conditions) {

        public Rule {
            names = List.copyOf(names);
            conditions = List.copyOf(conditions);
        }
    }

    /**
     * A comparison with an argument.
     *
     * @param argument 0 to 5
     * @param comparison how
     * @param value the datum; the mask with {@link Comparison#MASKED_EQUAL}
     * @param second the datum with {@link Comparison#MASKED_EQUAL}, else unused
     */
    public record Condition(int argument, Comparison comparison, long value, long second) {

        public Condition {
            if (argument < 0 || argument > 5) {
                throw new IllegalArgumentException("a system call has arguments 0 to 5, not " + argument);
            }
        }
    }

    /** Unsigned comparisons of 64 bits, in libseccomp's order. */
    public enum Comparison {
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        EQUAL,
        GREATER_OR_EQUAL,
        GREATER,
        MASKED_EQUAL;

        int code() {
            return ordinal() + 1;
        }
    }
}
