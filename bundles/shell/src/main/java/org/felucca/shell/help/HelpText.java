package org.felucca.shell.help;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.VerbSpec;
import org.felucca.shell.parse.Arguments;

/** Renders help for people. Stateless. */
public final class HelpText {
    private static final int GAP = 3;
    private static final int WIDEST = 32;
    private static final int LINE = 100;

    private HelpText() {}

    private record Entry(String term, String text) {}

    /** Returns the help of the whole client. */
    public static String overview(Collection<VerbSpec> verbs) {
        StringBuilder out = new StringBuilder();
        out.append("usage: felucca [OPTIONS] COMMAND [ARGUMENTS...]\n\n");
        out.append("A container platform for one node.\n\ncommands:\n");
        entries(
                out,
                verbs.stream()
                        .sorted(Comparator.comparing(VerbSpec::name))
                        .map(verb -> new Entry(verb.name(), verb.summary()))
                        .toList());
        out.append("\noptions:\n");
        entries(
                out,
                List.of(
                        new Entry(
                                "--address URI",
                                "where the daemon listens (default unix:///run/felucca/felucca.sock, "
                                        + "or FELUCCA_ADDRESS)"),
                        new Entry("--namespace NAME", "the tenant to work in (default default, or FELUCCA_NAMESPACE)"),
                        new Entry("--help", "show this help"),
                        new Entry("--version", "show the version")));
        out.append("\nSee 'felucca COMMAND --help' for a command.\n");
        return out.toString();
    }

    /** Returns the help of one verb. */
    public static String of(VerbSpec verb) {
        StringBuilder out = new StringBuilder();
        out.append("usage: felucca ").append(verb.name()).append(" [OPTIONS]");
        verb.operands().forEach(operand -> out.append(' ').append(shape(operand)));
        out.append("\n\n").append(sentence(verb.summary())).append('\n');
        if (!verb.description().isBlank()) {
            out.append('\n').append(verb.description().strip()).append('\n');
        }
        if (!verb.aliases().isEmpty()) {
            out.append("\nalso called: ")
                    .append(String.join(", ", verb.aliases()))
                    .append('\n');
        }
        if (!verb.operands().isEmpty()) {
            out.append("\noperands:\n");
            entries(
                    out,
                    verb.operands().stream()
                            .map(operand -> new Entry(operand.name(), operand.help()))
                            .toList());
        }
        out.append("\noptions:\n");
        entries(
                out,
                Arguments.optionsOf(verb).stream()
                        .map(option -> new Entry(term(option), text(option)))
                        .toList());
        if (!verb.examples().isEmpty()) {
            out.append("\nexamples:\n");
            verb.examples().forEach(example -> out.append("  ").append(example).append('\n'));
        }
        return out.toString();
    }

    private static String shape(OperandSpec operand) {
        String name = operand.name() + (operand.repeats() ? "..." : "");
        return operand.optional() ? "[" + name + "]" : name;
    }

    private static String sentence(String summary) {
        return Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".";
    }

    private static String term(OptionSpec option) {
        String letter = option.shortName().map(c -> "-" + c + ", ").orElse("    ");
        String value = option.kind() == OptionSpec.Kind.FLAG ? "" : " " + option.placeholder();
        return letter + "--" + option.name() + value;
    }

    private static String text(OptionSpec option) {
        StringBuilder text = new StringBuilder(option.help());
        if (!option.choices().isEmpty()
                && option.choices().stream().noneMatch(c -> option.help().contains(c))) {
            text.append(" (").append(String.join(", ", option.choices())).append(')');
        }
        option.defaultValue()
                .filter(value -> !value.isEmpty())
                .ifPresent(value -> text.append(" (default ").append(value).append(')'));
        if (option.repeats()) {
            text.append("; may be repeated");
        }
        return text.toString();
    }

    private static void entries(StringBuilder out, List<Entry> entries) {
        int width = entries.stream()
                .mapToInt(entry -> entry.term().length())
                .filter(length -> length <= WIDEST)
                .max()
                .orElse(WIDEST);
        for (Entry entry : entries) {
            out.append("  ").append(entry.term());
            int column = entry.term().length();
            if (column > width) {
                out.append('\n').append(" ".repeat(2));
                column = 0;
            }
            out.append(" ".repeat(width + GAP - column));
            List<String> lines = wrap(entry.text(), LINE - width - GAP - 2);
            out.append(String.join("\n" + " ".repeat(width + GAP + 2), lines)).append('\n');
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
