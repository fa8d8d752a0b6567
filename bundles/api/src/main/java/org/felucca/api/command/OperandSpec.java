package org.felucca.api.command;

/**
 * An operand of a command.
 *
 * @param name its name in help, upper case
 * @param help one line about it
 * @param completion what completes it
 * @param optional whether it may be left out
 * @param repeats whether it takes all the operands that are left
 */
public record OperandSpec(String name, String help, Completion completion, boolean optional, boolean repeats) {
    /** What completes an operand. */
    public enum Completion {
        /** Nothing. */
        NONE,
        /** Names and ids of containers. */
        CONTAINER,
        /** Names of images. */
        IMAGE,
        /** Names of commands. */
        VERB,
        /** Paths of the client's machine. */
        PATH
    }

    /** A required operand. */
    public static OperandSpec required(String name, Completion completion, String help) {
        return new OperandSpec(name, help, completion, false, false);
    }

    /** An operand that may be left out. */
    public static OperandSpec optional(String name, Completion completion, String help) {
        return new OperandSpec(name, help, completion, true, false);
    }

    /** One or more operands. */
    public static OperandSpec oneOrMore(String name, Completion completion, String help) {
        return new OperandSpec(name, help, completion, false, true);
    }

    /** Any number of operands. */
    public static OperandSpec anyNumber(String name, Completion completion, String help) {
        return new OperandSpec(name, help, completion, true, true);
    }
}
