package org.felucca.shell.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.VerbSpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was typed after a verb's name, as GNU and docker do: {@code --name value}, {@code --name=value},
 * {@code -n value}, {@code -nvalue}, {@code -n=value}, clusters ({@code -it}), {@code --} to end the options. Options and operands may
 * be mixed, unless the verb passes through what follows its first operand. One parser reads one line.
 */
public final class ArgumentParser {
    private final VerbSpec spec;
    private final List<OptionSpec> options;
    private final List<String> words;
    private final Map<String, List<String>> given = new HashMap<>();
    private final List<String> operands = new ArrayList<>();
    private int next;

    private ArgumentParser(VerbSpec spec, List<String> words) {
        this.spec = spec;
        this.options = Arguments.optionsOf(spec);
        this.words = words;
    }

    /**
     * Parses and checks.
     *
     * @param words what follows the verb's name
     * @throws UsageException naming the option or operand that is wrong, why, and what would be right
     */
    public static Arguments parse(VerbSpec spec, List<String> words) {
        ArgumentParser parser = new ArgumentParser(spec, words);
        parser.readWords();
        Arguments arguments = new Arguments(spec, parser.given, parser.operands);
        if (!arguments.help()) {
            parser.checkOperands();
        }
        return arguments;
    }

    private void readWords() {
        boolean onlyOperands = false;
        while (next < words.size()) {
            String word = words.get(next++);
            if (onlyOperands || word.length() < 2 || word.charAt(0) != '-') {
                operands.add(word);
                onlyOperands |= spec.passThrough();
            } else if (word.equals("--")) {
                onlyOperands = true;
            } else if (word.startsWith("--")) {
                readLong(word.substring(2));
            } else {
                readShort(word);
            }
        }
    }

    private void readLong(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        OptionSpec option = options.stream()
                .filter(o -> o.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown("--" + name, nearest(name)));
        accept(option, "--" + name, equals < 0 ? null : word.substring(equals + 1));
    }

    private Optional<String> nearest(String name) {
        return Suggestion.nearest(name, options.stream().map(OptionSpec::name).toList())
                .map(found -> "--" + found);
    }

    private void readShort(String word) {
        for (int at = 1; at < word.length(); at++) {
            char letter = word.charAt(at);
            OptionSpec option = options.stream()
                    .filter(o -> o.shortName().filter(c -> c == letter).isPresent())
                    .findFirst()
                    .orElseThrow(() -> unknownLetter(word, letter));
            String rest = word.substring(at + 1);
            boolean equals = rest.startsWith("=");
            if (option.kind() == Kind.FLAG && !equals) {
                accept(option, "-" + letter, null);
                continue;
            }
            accept(option, "-" + letter, rest.isEmpty() ? null : rest.substring(equals ? 1 : 0));
            return;
        }
    }

    private UsageException unknownLetter(String word, char letter) {
        Optional<String> longName = options.stream()
                .map(OptionSpec::name)
                .filter(name -> name.equals(word.substring(1)))
                .findFirst()
                .map(name -> "--" + name);
        String shown = word.length() == 2 ? word : "-" + letter + " in " + word;
        return unknown(shown, longName);
    }

    private UsageException unknown(String option, Optional<String> suggestion) {
        return new UsageException(
                "unknown option " + option,
                suggestion
                        .map(found -> "did you mean " + found + "?")
                        .orElse("'" + spec.name() + "' has no such option"),
                seeHelp());
    }

    private void accept(OptionSpec option, String shown, @Nullable String attached) {
        String value = attached;
        if (option.kind() == Kind.FLAG) {
            value = attached == null ? "true" : attached;
        } else if (value == null) {
            if (next == words.size()) {
                throw new UsageException(
                        "option " + shown, "value missing", "give " + option.placeholder() + "; " + seeHelp());
            }
            value = words.get(next++);
        }
        check(option, shown, value);
        List<String> values = given.computeIfAbsent(option.name(), name -> new ArrayList<>(1));
        if (!option.repeats()) {
            values.clear();
        }
        values.add(value);
    }

    private static void check(OptionSpec option, String shown, String value) {
        if (!option.choices().isEmpty() && !option.choices().contains(value)) {
            throw invalid(shown, value, "not one of its values", "use " + String.join(", ", option.choices()));
        }
        switch (option.kind()) {
            case FLAG -> require(Values.flag(value).isPresent(), shown, value, "not a switch", "use true or false");
            case INTEGER ->
                require(Values.integer(value).isPresent(), shown, value, "not a whole number", "use one such as 10");
            case SIZE ->
                require(
                        Values.size(value).isPresent(),
                        shown,
                        value,
                        "not a size",
                        "use bytes, or a unit: 512m, 2g, 1.5GiB");
            case DECIMAL ->
                require(Values.billionths(value).isPresent(), shown, value, "not a number", "use one such as 1.5");
            case DURATION ->
                require(
                        Values.duration(value).isPresent(),
                        shown,
                        value,
                        "not a time span",
                        "use seconds, or units: 1m30s, 500ms");
            case FILE -> require(!value.isEmpty(), shown, value, "no file", "give the path of a file, or -");
            case STRING -> {
                // any text is fine; the verb knows better
            }
        }
    }

    private static void require(boolean good, String shown, String value, String reason, String fix) {
        if (!good) {
            throw invalid(shown, value, reason, fix);
        }
    }

    private static UsageException invalid(String shown, String value, String reason, String fix) {
        return new UsageException("invalid value '" + value + "' for option " + shown, reason, fix);
    }

    private void checkOperands() {
        List<OperandSpec> specs = spec.operands();
        long required = specs.stream().filter(operand -> !operand.optional()).count();
        if (operands.size() < required) {
            throw new UsageException(
                    "'felucca " + spec.name() + "'",
                    "operand " + specs.get(operands.size()).name() + " missing",
                    seeHelp());
        }
        boolean repeats = !specs.isEmpty() && specs.get(specs.size() - 1).repeats();
        if (!repeats && operands.size() > specs.size()) {
            throw new UsageException(
                    "'felucca " + spec.name() + "'",
                    "unexpected operand '" + operands.get(specs.size()) + "'",
                    seeHelp());
        }
    }

    private String seeHelp() {
        return "see 'felucca " + spec.name() + " --help'";
    }
}
