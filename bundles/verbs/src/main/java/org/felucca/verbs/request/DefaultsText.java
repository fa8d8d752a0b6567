package org.felucca.verbs.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.Signal;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/** Reads instructions of a Dockerfile that change what containers start with, as {@code commit --change} takes them. */
public final class DefaultsText {
    /** The instructions there are, for people. */
    public static final String INSTRUCTIONS =
            "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR";

    private static final String OPTION = "change";
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp|sctp))?");

    private static final Map<String, BiFunction<ContainerDefaults, Instruction, ContainerDefaults.Builder>> KNOWN =
            Map.of(
                    "CMD", (was, i) -> was.toBuilder().cmd(i.command()),
                    // As in a Dockerfile, arguments that were meant for another program go.
                    "ENTRYPOINT",
                            (was, i) -> was.toBuilder().entrypoint(i.command()).cmd(List.of()),
                    "ENV", (was, i) -> was.toBuilder().env(env(was.env(), i.pairs())),
                    "EXPOSE", (was, i) -> was.toBuilder().exposedPorts(joined(was.exposedPorts(), i.ports())),
                    "LABEL", (was, i) -> was.toBuilder().labels(labels(was.labels(), i.pairs())),
                    "ONBUILD", (was, i) -> was.toBuilder().onBuild(appended(was.onBuild(), i.text())),
                    "STOPSIGNAL", (was, i) -> was.toBuilder().stopSignal(i.signal()),
                    "USER", (was, i) -> was.toBuilder().user(i.text()),
                    "VOLUME", (was, i) -> was.toBuilder().volumes(joined(was.volumes(), i.paths())),
                    "WORKDIR", (was, i) -> was.toBuilder().workingDir(i.directory(was.workingDir())));

    private DefaultsText() {}

    /** One instruction: its word, and what follows. */
    private record Instruction(String whole, String text) {
        FeluccaException refused(String reason, String fix) {
            return Invalid.option(OPTION, whole, reason, fix);
        }

        /** A program and its arguments: a JSON array, or a line for the shell. */
        List<String> command() {
            return text.startsWith("[") ? array() : List.of("/bin/sh", "-c", text);
        }

        private List<String> array() {
            List<String> words = new ArrayList<>();
            try {
                if (Json.parse("change", text) instanceof JsonArray array) {
                    for (JsonValue value : array.values()) {
                        if (!(value instanceof JsonString word)) {
                            throw refused("it is no array of strings", "write [\"program\", \"argument\"]");
                        }
                        words.add(word.value());
                    }
                }
            } catch (OciFormatException e) {
                throw refused("it is no JSON array: " + e.reason(), "write [\"program\", \"argument\"]");
            }
            return words;
        }

        /** {@code A=b "C=d e"}, or {@code A b c}. */
        Map<String, String> pairs() {
            List<String> words = words();
            Map<String, String> pairs = new LinkedHashMap<>();
            if (words.get(0).indexOf('=') < 0) {
                int blank = text.indexOf(' ');
                if (blank < 0) {
                    throw refused("there is no value", "write NAME=VALUE");
                }
                return Map.of(
                        text.substring(0, blank), text.substring(blank + 1).strip());
            }
            for (String word : words) {
                int equals = word.indexOf('=');
                if (equals <= 0) {
                    throw refused("'" + word + "' is no NAME=VALUE", "write NAME=VALUE, with quotes around blanks");
                }
                pairs.put(word.substring(0, equals), word.substring(equals + 1));
            }
            return pairs;
        }

        /** Words separated by blanks; quotes hold them together, a backslash takes the next character as it is. */
        private List<String> words() {
            List<String> words = new ArrayList<>();
            StringBuilder word = new StringBuilder();
            char quote = 0;
            boolean begun = false;
            for (int at = 0; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '\\' && quote != '\'' && at + 1 < text.length()) {
                    at++;
                    word.append(text.charAt(at));
                    begun = true;
                } else if (quote != 0) {
                    if (c == quote) {
                        quote = 0;
                    } else {
                        word.append(c);
                    }
                } else if (c == '"' || c == '\'') {
                    quote = c;
                    begun = true;
                } else if (Character.isWhitespace(c)) {
                    if (begun) {
                        words.add(word.toString());
                        word.setLength(0);
                        begun = false;
                    }
                } else {
                    word.append(c);
                    begun = true;
                }
            }
            if (quote != 0) {
                throw refused("a quote is not closed", "close it");
            }
            if (begun) {
                words.add(word.toString());
            }
            return words;
        }

        List<String> ports() {
            List<String> ports = new ArrayList<>();
            for (String word : words()) {
                String port = word.toLowerCase(Locale.ROOT);
                if (!PORT.matcher(port).matches()) {
                    throw refused("'" + word + "' is no port", "write 80, 80/tcp or 8000-8010/udp");
                }
                ports.add(port.indexOf('/') < 0 ? port + "/tcp" : port);
            }
            return ports;
        }

        List<String> paths() {
            return text.startsWith("[") ? array() : words();
        }

        String signal() {
            Signal.parse(text);
            return text;
        }

        String directory(String was) {
            return text.startsWith("/") ? text : (was.isEmpty() ? "" : was) + "/" + text;
        }
    }

    /**
     * Reads instructions, which are carried out in their order.
     *
     * @throws FeluccaException INVALID_ARGUMENT for one that is none, or changes something else
     */
    public static UnaryOperator<ContainerDefaults> changes(List<String> instructions) {
        List<UnaryOperator<ContainerDefaults>> steps = new ArrayList<>();
        ContainerDefaults trial = ContainerDefaults.EMPTY;
        for (String whole : instructions) {
            String[] parts = whole.strip().split("\\s+", 2);
            String word = parts[0].toUpperCase(Locale.ROOT);
            var known = KNOWN.get(word);
            if (known == null) {
                throw Invalid.option(OPTION, whole, word + " changes nothing here", "use one of " + INSTRUCTIONS);
            }
            if (parts.length < 2) {
                throw Invalid.option(OPTION, whole, "there is nothing after " + word, "say what is to be set");
            }
            Instruction instruction = new Instruction(whole, parts[1].strip());
            // Tried at once: what is malformed is refused before anything is done.
            trial = known.apply(trial, instruction).build();
            steps.add(was -> known.apply(was, instruction).build());
        }
        return was -> {
            ContainerDefaults changed = was;
            for (UnaryOperator<ContainerDefaults> step : steps) {
                changed = step.apply(changed);
            }
            return changed;
        };
    }

    private static List<String> env(List<String> was, Map<String, String> set) {
        Map<String, String> byName = new LinkedHashMap<>();
        was.forEach(entry -> byName.put(entry.split("=", 2)[0], entry));
        set.forEach((name, value) -> byName.put(name, name + "=" + value));
        return List.copyOf(byName.values());
    }

    private static Map<String, String> labels(Map<String, String> was, Map<String, String> set) {
        Map<String, String> labels = new LinkedHashMap<>(was);
        labels.putAll(set);
        return labels;
    }

    private static List<String> joined(List<String> was, List<String> more) {
        Set<String> all = new LinkedHashSet<>(was);
        all.addAll(more);
        return List.copyOf(all);
    }

    private static List<String> appended(List<String> was, String one) {
        List<String> all = new ArrayList<>(was);
        all.add(one);
        return all;
    }
}
