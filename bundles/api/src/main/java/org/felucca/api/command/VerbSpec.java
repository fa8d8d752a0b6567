package org.felucca.api.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a command is called, takes and tells about itself. Immutable; made by a builder. */
public final class VerbSpec {
    private final String name;
    private final List<String> aliases;
    private final String summary;
    private final String description;
    private final List<OptionSpec> options;
    private final List<OperandSpec> operands;
    private final boolean passThrough;
    private final boolean attaches;
    private final List<String> examples;

    private VerbSpec(Builder builder) {
        this.name = builder.name;
        this.aliases = List.copyOf(builder.aliases);
        this.summary = builder.summary;
        this.description = builder.description;
        this.options = List.copyOf(builder.options);
        this.operands = List.copyOf(builder.operands);
        this.passThrough = builder.passThrough;
        this.attaches = builder.attaches;
        this.examples = List.copyOf(builder.examples);
    }

    /**
     * Starts a spec.
     *
     * @param name a word, or two with a blank between them ({@code image prune}): lower-case letters, digits and dashes
     * @param summary one line, lower case, no full stop
     */
    public static Builder of(String name, String summary) {
        return new Builder(name, summary);
    }

    /** Returns the word, or the two, that call it. */
    public String name() {
        return name;
    }

    /** Returns its name as one word, which is its provider's id: {@code image-prune}. */
    public String id() {
        return name.replace(' ', '-');
    }

    /** Returns other names that call it. */
    public List<String> aliases() {
        return aliases;
    }

    /** Returns one line about it. */
    public String summary() {
        return summary;
    }

    /** Returns paragraphs about it, for its help; may be empty. */
    public String description() {
        return description;
    }

    /** Returns its options in the order of its help. */
    public List<OptionSpec> options() {
        return options;
    }

    /** Returns its operands in order; only the last may repeat. */
    public List<OperandSpec> operands() {
        return operands;
    }

    /**
     * Returns {@code true} if everything after the first operand is passed through unparsed, as {@code run IMAGE
     * COMMAND --its-own-option} needs.
     */
    public boolean passThrough() {
        return passThrough;
    }

    /**
     * Returns {@code true} if it connects the caller to a container's streams: the client then passes one end of a
     * socket pair, {@link Invocation#containerClient}.
     */
    public boolean attaches() {
        return attaches;
    }

    /** Returns command lines worth showing. */
    public List<String> examples() {
        return examples;
    }

    /** Returns the option with this long name. */
    public Optional<OptionSpec> option(String longName) {
        return options.stream().filter(o -> o.name().equals(longName)).findFirst();
    }

    /** Collects a spec. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final String summary;
        private final List<String> aliases = new ArrayList<>();
        private String description = "";
        private final List<OptionSpec> options = new ArrayList<>();
        private final List<OperandSpec> operands = new ArrayList<>();
        private boolean passThrough;
        private boolean attaches;
        private final List<String> examples = new ArrayList<>();

        private Builder(String name, String summary) {
            if (!name.matches("[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)?")) {
                throw new IllegalArgumentException("invalid command name '" + name + "'");
            }
            this.name = name;
            this.summary = summary;
        }

        /** Adds another name that calls it, of one word or two. */
        public Builder alias(String other) {
            aliases.add(other);
            return this;
        }

        /** Sets the paragraphs of its help. */
        public Builder description(String text) {
            description = text;
            return this;
        }

        /** Adds an option. */
        public Builder option(OptionSpec option) {
            options.add(option);
            return this;
        }

        /** Adds an operand. */
        public Builder operand(OperandSpec operand) {
            if (!operands.isEmpty() && operands.get(operands.size() - 1).repeats()) {
                throw new IllegalArgumentException("nothing can follow a repeating operand");
            }
            operands.add(operand);
            return this;
        }

        /** Passes everything after the first operand through unparsed. */
        public Builder passThrough() {
            passThrough = true;
            return this;
        }

        /** Says that it connects the caller to a container's streams. */
        public Builder attaches() {
            attaches = true;
            return this;
        }

        /** Adds a command line worth showing. */
        public Builder example(String commandLine) {
            examples.add(commandLine);
            return this;
        }

        /** Makes the spec. */
        public VerbSpec build() {
            return new VerbSpec(this);
        }
    }
}
