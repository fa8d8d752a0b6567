package org.felucca.shell.parse;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.VerbSpec;

/**
 * What was typed after a verb's name, checked: every value of an option can be read as its kind. Immutable. Accessors
 * throw {@link IllegalArgumentException} for an option that the spec lacks or that is of another kind.
 */
public final class Arguments {
    /** Options that every verb has. */
    static final OptionSpec HELP = OptionSpec.flag("help", "show this help");

    static final OptionSpec FORMAT = OptionSpec.value(
                    "format", Kind.STRING, "FORMAT", "how to show the result: table or json")
            .choices("table", "json");

    private final VerbSpec spec;
    private final Map<String, List<String>> given;
    private final List<String> operands;

    Arguments(VerbSpec spec, Map<String, List<String>> given, List<String> operands) {
        this.spec = spec;
        this.given = Map.copyOf(given);
        this.operands = List.copyOf(operands);
    }

    /** Returns the options of a verb with those that every verb has; a verb's own come first and win. */
    public static List<OptionSpec> optionsOf(VerbSpec spec) {
        boolean format = spec.option(FORMAT.name()).isPresent();
        boolean help = spec.option(HELP.name()).isPresent();
        return java.util.stream.Stream.of(
                        spec.options().stream(),
                        format ? java.util.stream.Stream.<OptionSpec>empty() : java.util.stream.Stream.of(FORMAT),
                        help ? java.util.stream.Stream.<OptionSpec>empty() : java.util.stream.Stream.of(HELP))
                .flatMap(options -> options)
                .toList();
    }

    /** Returns whether help was asked for; nothing else was checked then. */
    public boolean help() {
        return given.containsKey(HELP.name());
    }

    /** Returns whether the caller wants documents for programs. */
    public boolean json() {
        List<String> format = given.get(FORMAT.name());
        return format != null && format.get(format.size() - 1).equals("json");
    }

    /** Returns the operands. */
    public List<String> operands() {
        return operands;
    }

    /** Returns whether an option was typed. */
    public boolean given(String option) {
        require(option);
        return given.containsKey(option);
    }

    /** Returns whether a flag is on. */
    public boolean flag(String option) {
        return last(require(option, Kind.FLAG)).flatMap(Values::flag).orElse(Boolean.FALSE);
    }

    /** Returns the last value of an option, or its default. */
    public Optional<String> text(String option) {
        OptionSpec found = require(option);
        if (found.kind() == Kind.FLAG) {
            throw new IllegalArgumentException("option --" + option + " is a flag");
        }
        return last(found);
    }

    /** Returns all values of an option, or its default. */
    public List<String> texts(String option) {
        OptionSpec found = require(option);
        return given.getOrDefault(option, found.defaultValue().map(List::of).orElse(List.of()));
    }

    /** Returns the value of an INTEGER or SIZE option. */
    public OptionalLong number(String option) {
        OptionSpec found = require(option);
        Optional<String> text = last(found);
        return switch (found.kind()) {
            case INTEGER -> text.map(Values::integer).orElse(OptionalLong.empty());
            case SIZE -> text.map(Values::size).orElse(OptionalLong.empty());
            case FLAG, STRING, DECIMAL, DURATION, FILE ->
                throw new IllegalArgumentException("option --" + option + " is no number");
        };
    }

    /** Returns the value of a DECIMAL option in billionths. */
    public OptionalLong billionths(String option) {
        return last(require(option, Kind.DECIMAL)).map(Values::billionths).orElse(OptionalLong.empty());
    }

    /** Returns the value of a DURATION option. */
    public Optional<Duration> duration(String option) {
        return last(require(option, Kind.DURATION)).flatMap(Values::duration);
    }

    private Optional<String> last(OptionSpec option) {
        List<String> values = given.get(option.name());
        return values == null ? option.defaultValue() : Optional.of(values.get(values.size() - 1));
    }

    private OptionSpec require(String name, Kind kind) {
        OptionSpec found = require(name);
        if (found.kind() != kind) {
            throw new IllegalArgumentException("option --" + name + " is of kind " + found.kind());
        }
        return found;
    }

    private OptionSpec require(String name) {
        return spec.option(name)
                .orElseThrow(() -> new IllegalArgumentException("verb " + spec.name() + " has no option --" + name));
    }
}
