package org.felucca.api.command;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An option of a command. Immutable; withers return new specs. */
public final class OptionSpec {
    /** What an option takes. */
    public enum Kind {
        /** Nothing; {@code --name=false} turns it off. */
        FLAG,
        /** Text. */
        STRING,
        /** A whole number. */
        INTEGER,
        /** A number of bytes with a unit: {@code 512m}, {@code 2g}, {@code 1GiB}. */
        SIZE,
        /** A decimal number: {@code 1.5}. */
        DECIMAL,
        /** A time span: {@code 10} (seconds), {@code 1m30s}. */
        DURATION,
        /**
         * A file of the client, which opens it and passes it along: read it with {@link Invocation#file}, make it with
         * {@link Invocation#newFile}.
         */
        FILE
    }

    private final String name;
    private final char shortName;
    private final Kind kind;
    private final String placeholder;
    private final String help;
    private final boolean repeats;
    private final @Nullable String defaultValue;
    private final List<String> choices;

    private OptionSpec(
            String name,
            char shortName,
            Kind kind,
            String placeholder,
            String help,
            boolean repeats,
            @Nullable String defaultValue,
            List<String> choices) {
        this.name = name;
        this.shortName = shortName;
        this.kind = kind;
        this.placeholder = placeholder;
        this.help = help;
        this.repeats = repeats;
        this.defaultValue = defaultValue;
        this.choices = choices;
    }

    /** A switch: {@code --name}. */
    public static OptionSpec flag(String name, String help) {
        return new OptionSpec(name, '\0', Kind.FLAG, "", help, false, null, List.of());
    }

    /** An option with a value: {@code --name PLACEHOLDER}. */
    public static OptionSpec value(String name, Kind kind, String placeholder, String help) {
        return new OptionSpec(name, '\0', kind, placeholder, help, false, null, List.of());
    }

    /** Adds a one-letter form. */
    public OptionSpec shortName(char letter) {
        return new OptionSpec(name, letter, kind, placeholder, help, repeats, defaultValue, choices);
    }

    /** Lets it be given more than once. */
    public OptionSpec repeating() {
        return new OptionSpec(name, shortName, kind, placeholder, help, true, defaultValue, choices);
    }

    /** Sets what holds if it is not given, as the user would write it. */
    public OptionSpec defaultValue(String value) {
        return new OptionSpec(name, shortName, kind, placeholder, help, repeats, value, choices);
    }

    /** Allows these values only. */
    public OptionSpec choices(String... values) {
        return new OptionSpec(name, shortName, kind, placeholder, help, repeats, defaultValue, List.of(values));
    }

    /** Returns the long name without dashes. */
    public String name() {
        return name;
    }

    /** Returns the letter of the short form, if there is one. */
    public Optional<Character> shortName() {
        return shortName == '\0' ? Optional.empty() : Optional.of(shortName);
    }

    /** Returns what it takes. */
    public Kind kind() {
        return kind;
    }

    /** Returns the name of the value in help. */
    public String placeholder() {
        return placeholder;
    }

    /** Returns one line about it. */
    public String help() {
        return help;
    }

    /** Returns {@code true} if it may be given more than once. */
    public boolean repeats() {
        return repeats;
    }

    /** Returns what holds if it is not given. */
    public Optional<String> defaultValue() {
        return Optional.ofNullable(defaultValue);
    }

    /** Returns the allowed values; empty if any is. */
    public List<String> choices() {
        return choices;
    }
}
