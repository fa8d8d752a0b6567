package org.felucca.oci.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.felucca.oci.OciFormatException;
import org.jspecify.annotations.Nullable;

/**
 * A value and the place where it stands. Typed getters either answer or throw an {@link OciFormatException} that names
 * the document, the RFC 6901 pointer, the value found and what is allowed. The pointer is only rendered for a
 * complaint. All cursors of one document share the list of unknown members. Confined to one thread.
 */
public final class JsonCursor {
    private final Document document;
    private final @Nullable JsonCursor parent;
    private final String token;
    private final JsonValue value;

    private JsonCursor(Document document, @Nullable JsonCursor parent, String token, JsonValue value) {
        this.document = document;
        this.parent = parent;
        this.token = token;
        this.value = value;
    }

    /** Parses a document and stands on its root. */
    public static JsonCursor of(String subject, byte[] bytes) {
        return of(subject, Json.parse(subject, bytes));
    }

    /** Stands on the root of a tree. */
    public static JsonCursor of(String subject, JsonValue root) {
        return new JsonCursor(new Document(subject), null, "", root);
    }

    /** The value here. */
    public JsonValue value() {
        return value;
    }

    /** RFC 6901 pointer from the root to here; empty at the root. */
    public String pointer() {
        return parent == null ? "" : parent.pointer() + "/" + escape(token);
    }

    /**
     * Pointers of the members that {@link ObjectReader#finish} found unread so far, anywhere in the document, in the
     * order they were met.
     */
    public List<String> unknown() {
        return Collections.unmodifiableList(document.unknown);
    }

    /** The value as an object. */
    public ObjectReader object() {
        if (value instanceof JsonObject object) {
            return new ObjectReader(this, object);
        }
        throw mismatch("an object");
    }

    /** The value as a string. */
    public String string() {
        if (value instanceof JsonString string) {
            return string.value();
        }
        throw mismatch("a string");
    }

    /** The value as a string with at least one character. */
    public String nonEmptyString() {
        String string = string();
        if (string.isEmpty()) {
            throw error("the string is empty", "give a value");
        }
        return string;
    }

    /** The value as a literal. */
    public boolean bool() {
        if (value instanceof JsonBoolean literal) {
            return literal.value();
        }
        throw mismatch("true or false");
    }

    /** The value as a whole number in {@code [min, max]}. */
    public long integer(long min, long max) {
        if (value instanceof JsonNumber number) {
            OptionalLong exact = number.exactLong();
            if (exact.isPresent() && exact.getAsLong() >= min && exact.getAsLong() <= max) {
                return exact.getAsLong();
            }
        }
        throw mismatch("a whole number from " + min + " to " + max);
    }

    /** The value as a signed 64-bit number. */
    public long int64() {
        return integer(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** The value as an unsigned 64-bit number, its bits in a long. */
    public long uint64() {
        if (value instanceof JsonNumber number) {
            OptionalLong exact = number.exactUnsignedLong();
            if (exact.isPresent()) {
                return exact.getAsLong();
            }
        }
        throw mismatch("a whole number from 0 to 18446744073709551615");
    }

    /** The value as an unsigned 32-bit number. */
    public long uint32() {
        return integer(0, 0xffff_ffffL);
    }

    /** The value as a constant, found by the text {@code name} gives for it. */
    public <E extends Enum<E>> E oneOf(E[] constants, Function<E, String> name) {
        if (value instanceof JsonString string) {
            for (E constant : constants) {
                if (name.apply(constant).equals(string.value())) {
                    return constant;
                }
            }
        }
        StringBuilder allowed = new StringBuilder("one of");
        for (E constant : constants) {
            allowed.append(' ').append(name.apply(constant));
        }
        throw mismatch(allowed.toString());
    }

    /** The value as an array, each element read by {@code read}. */
    public <T> List<T> list(Function<JsonCursor, T> read) {
        if (!(value instanceof JsonArray array)) {
            throw mismatch("an array");
        }
        List<JsonValue> elements = array.values();
        if (elements.isEmpty()) {
            return List.of();
        }
        List<T> result = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            result.add(read.apply(new JsonCursor(document, this, Integer.toString(i), elements.get(i))));
        }
        return Collections.unmodifiableList(result);
    }

    /** The value as an object with free names, each value read by {@code read}; keeps order. */
    public <T> Map<String, T> map(Function<JsonCursor, T> read) {
        if (!(value instanceof JsonObject object)) {
            throw mismatch("an object");
        }
        if (object.members().isEmpty()) {
            return Map.of();
        }
        Map<String, T> result = new LinkedHashMap<>();
        object.members().forEach((name, member) -> result.put(name, read.apply(child(name, member))));
        return Collections.unmodifiableMap(result);
    }

    /**
     * Runs a validating constructor or parser on the value here and puts this place into what it throws.
     *
     * @param read gets this cursor; an {@link OciFormatException} without a pointer is rethrown as a complaint about
     *     this place
     */
    public <T> T as(Function<JsonCursor, T> read) {
        try {
            return read.apply(this);
        } catch (OciFormatException e) {
            if (e.pointer() != null) {
                throw e;
            }
            String found = value instanceof JsonObject || value instanceof JsonArray ? "" : show() + ": ";
            throw new OciFormatException(document.subject, pointer(), found + e.reason(), e.fix(), e);
        }
    }

    /** A complaint about this place, to be thrown. */
    public OciFormatException error(String reason, String fix) {
        return new OciFormatException(document.subject, pointer(), reason, fix);
    }

    /** A complaint that the value is of the wrong kind or out of range. */
    public OciFormatException mismatch(String allowed) {
        return error("found " + show(), "expected " + allowed);
    }

    JsonCursor child(String name, JsonValue member) {
        return new JsonCursor(document, this, name, member);
    }

    void noteUnknown(String name) {
        document.unknown.add(pointer() + "/" + escape(name));
    }

    private String show() {
        if (value instanceof JsonString string) {
            return OciFormatException.quote(string.value());
        } else if (value instanceof JsonObject || value instanceof JsonArray) {
            return "an " + value.kind();
        } else if (value instanceof JsonNumber number) {
            return number.text();
        } else if (value instanceof JsonBoolean literal) {
            return Boolean.toString(literal.value());
        }
        return "null";
    }

    private static String escape(String token) {
        return token.replace("~", "~0").replace("/", "~1");
    }

    private static final class Document {
        private final String subject;
        private final List<String> unknown = new ArrayList<>();

        Document(String subject) {
            this.subject = subject;
        }
    }
}
