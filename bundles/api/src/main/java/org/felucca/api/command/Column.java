package org.felucca.api.command;

/**
 * A column of a table: how to show one property of each document.
 *
 * @param heading upper case
 * @param property name of the member of the JSON object; members of members by dots
 * @param format how people want to see it
 */
public record Column(String heading, String property, Format format) {
    /** How people want to see a value. */
    public enum Format {
        /** As it is. */
        TEXT,
        /** A digest or id, 12 hex digits of it. */
        SHORT_ID,
        /** Bytes, with a unit. */
        BYTES,
        /** An RFC 3339 time, as how long ago. */
        AGO,
        /** An array, joined by commas. */
        LIST
    }

    /** A column shown as it is. */
    public static Column text(String heading, String property) {
        return new Column(heading, property, Format.TEXT);
    }

    /** A column with a format. */
    public static Column of(String heading, String property, Format format) {
        return new Column(heading, property, format);
    }
}
