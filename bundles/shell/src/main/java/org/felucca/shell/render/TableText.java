package org.felucca.shell.render;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.felucca.api.command.Column;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonNull;
import org.felucca.oci.json.JsonNumber;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/** Documents as aligned columns. Immutable. */
final class TableText {
    private static final int GAP = 3;

    private final List<Column> columns;
    private final boolean whole;
    private final Instant now;

    /**
     * @param whole whether ids are shown whole
     * @param now what ages are counted from
     */
    TableText(List<Column> columns, boolean whole, Instant now) {
        this.columns = columns;
        this.whole = whole;
        this.now = now;
    }

    /** All rows under their headings; every line ends with a newline and none with a space. */
    String table(List<JsonObject> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::heading).toList());
        rows.forEach(row -> lines.add(cells(row)));
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(line.get(i)));
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(line.get(i)).append(" ".repeat(widths[i] - width(line.get(i)) + GAP));
            }
            out.append(text.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /** One document that comes alone, without headings. */
    String line(JsonObject row) {
        return cells(row).stream().filter(cell -> !cell.isEmpty()).collect(Collectors.joining(" ")) + "\n";
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private List<String> cells(JsonObject row) {
        return columns.stream().map(column -> oneLine(cell(column, row))).toList();
    }

    /** A value of the world must not break the table, nor reach the terminal as control codes. */
    private static String oneLine(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private String cell(Column column, JsonObject row) {
        Optional<JsonValue> value = find(row, column.property());
        if (value.isEmpty()) {
            return "";
        }
        return switch (column.format()) {
            case TEXT -> text(value.get());
            case SHORT_ID -> whole ? text(value.get()) : Humane.shortId(text(value.get()));
            case BYTES ->
                value.get() instanceof JsonNumber number && number.exactLong().isPresent()
                        ? Humane.bytes(number.exactLong().getAsLong())
                        : text(value.get());
            case AGO -> Humane.ago(text(value.get()), now);
            case LIST ->
                value.get() instanceof JsonArray array
                        ? array.values().stream().map(TableText::text).collect(Collectors.joining(","))
                        : text(value.get());
        };
    }

    private static Optional<JsonValue> find(JsonObject row, String property) {
        Optional<JsonValue> whole = row.get(property);
        int dot = property.indexOf('.');
        if (whole.isPresent() || dot < 0) {
            return whole;
        }
        return row.get(property.substring(0, dot))
                .filter(JsonObject.class::isInstance)
                .flatMap(inner -> find((JsonObject) inner, property.substring(dot + 1)));
    }

    private static String text(JsonValue value) {
        if (value instanceof JsonString string) {
            return string.value();
        }
        return value instanceof JsonNull ? "" : Json.text(value);
    }
}
