package org.felucca.winapi.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonNumber;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * What the compute or the network service says beyond the code. The compute service writes {@code Error}, {@code
 * ErrorMessage} and {@code ErrorEvents}, the network service {@code ErrorCode} and {@code Error}; both may write what
 * is no document at all, which is then kept as it came. Reading never fails: the text explains a failure, and must not
 * hide it behind one of its own.
 *
 * @param raw as it came
 * @param error the code in it, where there is one
 * @param message the sentence in it, or the empty string
 * @param events the messages of the events in it, the outermost first
 * @see <a href="https://learn.microsoft.com/virtualization/api/hcs/schemareference#ResultError">ResultError</a>
 */
public record ResultDocument(String raw, OptionalInt error, String message, List<String> events) {

    /** No document. */
    public static final ResultDocument NONE = new ResultDocument("", OptionalInt.empty(), "", List.of());

    public ResultDocument {
        events = List.copyOf(events);
    }

    /** Reads a document. */
    public static ResultDocument of(String raw) {
        if (raw.isBlank()) {
            return NONE;
        }
        JsonValue value;
        try {
            value = Json.parse("result document", raw);
        } catch (OciFormatException e) {
            return new ResultDocument(raw, OptionalInt.empty(), raw.strip(), List.of());
        }
        if (!(value instanceof JsonObject document)) {
            return new ResultDocument(raw, OptionalInt.empty(), raw.strip(), List.of());
        }
        Optional<String> message = text(document, "ErrorMessage").or(() -> text(document, "Error"));
        OptionalInt error = number(document, "ErrorCode");
        return new ResultDocument(
                raw, error.isPresent() ? error : number(document, "Error"), message.orElse(""), events(document));
    }

    /** What there is to tell, in one line; the empty string if there is nothing. */
    public String text() {
        List<String> parts = new ArrayList<>();
        if (!message.isEmpty()) {
            parts.add(message);
        }
        for (String event : events) {
            if (!parts.contains(event)) {
                parts.add(event);
            }
        }
        return String.join(": ", parts);
    }

    private static List<String> events(JsonObject document) {
        if (!(document.get("ErrorEvents").orElse(null) instanceof JsonArray array)) {
            return List.of();
        }
        List<String> events = new ArrayList<>();
        for (JsonValue event : array.values()) {
            if (event instanceof JsonObject object) {
                text(object, "Message").ifPresent(events::add);
            }
        }
        return events;
    }

    private static Optional<String> text(JsonObject object, String name) {
        return object.get(name)
                .filter(JsonString.class::isInstance)
                .map(v -> oneLine(((JsonString) v).value()))
                .filter(s -> !s.isEmpty());
    }

    /** A code is written as a signed or as an unsigned number. */
    private static OptionalInt number(JsonObject object, String name) {
        if (!(object.get(name).orElse(null) instanceof JsonNumber number)) {
            return OptionalInt.empty();
        }
        OptionalLong exact = number.exactLong();
        return exact.isPresent() ? OptionalInt.of((int) exact.getAsLong()) : OptionalInt.empty();
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
