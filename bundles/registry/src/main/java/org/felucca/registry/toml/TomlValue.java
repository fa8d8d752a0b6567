package org.felucca.registry.toml;

import java.util.List;
import java.util.Map;

/** A value and the line it begins at, from 1. */
public sealed interface TomlValue {
    /** Returns the line it begins at. */
    int line();

    /** Returns its kind in words, for messages. */
    String kind();

    /** A string. */
    record Text(String value, int line) implements TomlValue {
        @Override
        public String kind() {
            return "a string";
        }
    }

    /** An integer. */
    record Whole(long value, int line) implements TomlValue {
        @Override
        public String kind() {
            return "an integer";
        }
    }

    /** A float. */
    record Real(double value, int line) implements TomlValue {
        @Override
        public String kind() {
            return "a float";
        }
    }

    /** A boolean. */
    record Truth(boolean value, int line) implements TomlValue {
        @Override
        public String kind() {
            return "a boolean";
        }
    }

    /** A date, a time or both, as it is written. */
    record Moment(String text, int line) implements TomlValue {
        @Override
        public String kind() {
            return "a date or time";
        }
    }

    /** An array; its values may be of different kinds. */
    record Array(List<TomlValue> values, int line) implements TomlValue {
        /** Copies. */
        public Array {
            values = List.copyOf(values);
        }

        @Override
        public String kind() {
            return "an array";
        }
    }

    /**
     * A table.
     *
     * @param values by key, in the order of the text; not to be changed
     */
    record Table(Map<String, TomlValue> values, int line) implements TomlValue {
        @Override
        public String kind() {
            return "a table";
        }
    }
}
