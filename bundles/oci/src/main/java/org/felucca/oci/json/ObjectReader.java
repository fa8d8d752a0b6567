package org.felucca.oci.json;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.felucca.oci.OciFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one object by name and remembers which were asked for. An optional member that is JSON's null
 * counts as absent, as in the Go readers of these formats. Confined to one thread.
 */
public final class ObjectReader {
    private final JsonCursor at;
    private final JsonObject object;
    private final Set<String> asked = new HashSet<>();

    ObjectReader(JsonCursor at, JsonObject object) {
        this.at = at;
        this.object = object;
    }

    /** Where the object stands. */
    public JsonCursor at() {
        return at;
    }

    /** The member, or null if it is absent or JSON's null. */
    public @Nullable JsonCursor find(String name) {
        asked.add(name);
        JsonValue value = object.find(name);
        return value == null || value == JsonNull.NULL ? null : at.child(name, value);
    }

    /**
     * The member.
     *
     * @throws OciFormatException if it is absent or null
     */
    public JsonCursor require(String name) {
        JsonCursor member = find(name);
        if (member == null) {
            throw at.error("property " + OciFormatException.quote(name) + " is missing", "it is required; add it");
        }
        return member;
    }

    /** What {@code read} makes of the member, or null if it is absent. */
    public <T> @Nullable T optional(String name, Function<JsonCursor, T> read) {
        JsonCursor member = find(name);
        return member == null ? null : read.apply(member);
    }

    /** What {@code read} makes of the member, which must be there. */
    public <T> T required(String name, Function<JsonCursor, T> read) {
        return read.apply(require(name));
    }

    /** A string, which must be there. */
    public String string(String name) {
        return require(name).string();
    }

    /** A string, or null. */
    public @Nullable String optionalString(String name) {
        return optional(name, JsonCursor::string);
    }

    /** A literal; false if absent. */
    public boolean flag(String name) {
        JsonCursor member = find(name);
        return member != null && member.bool();
    }

    /** A literal, or null. */
    public @Nullable Boolean optionalBool(String name) {
        return optional(name, JsonCursor::bool);
    }

    /** A signed 64-bit number, or null. */
    public @Nullable Long optionalInt64(String name) {
        return optional(name, JsonCursor::int64);
    }

    /** The bits of an unsigned 64-bit number, or null. */
    public @Nullable Long optionalUint64(String name) {
        return optional(name, JsonCursor::uint64);
    }

    /** An unsigned 32-bit number, or null. */
    public @Nullable Long optionalUint32(String name) {
        return optional(name, JsonCursor::uint32);
    }

    /** An unsigned 16-bit number, or null. */
    public @Nullable Integer optionalUint16(String name) {
        return optional(name, cursor -> (int) cursor.integer(0, 0xffff));
    }

    /** A signed 32-bit number, or null. */
    public @Nullable Integer optionalInt32(String name) {
        return optional(name, cursor -> (int) cursor.integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    /** An array of strings; empty if absent. */
    public List<String> strings(String name) {
        return list(name, JsonCursor::string);
    }

    /** An array, each element read by {@code read}; empty if absent. */
    public <T> List<T> list(String name, Function<JsonCursor, T> read) {
        JsonCursor member = find(name);
        return member == null ? List.of() : member.list(read);
    }

    /** An object of strings with free names; empty if absent. */
    public Map<String, String> stringMap(String name) {
        return map(name, JsonCursor::string);
    }

    /** An object with free names, each value read by {@code read}; empty if absent. */
    public <T> Map<String, T> map(String name, Function<JsonCursor, T> read) {
        JsonCursor member = find(name);
        return member == null ? Map.of() : member.map(read);
    }

    /** Notes every member nobody asked for as unknown; see {@link JsonCursor#unknown}. */
    public void finish() {
        if (asked.size() >= object.members().size()
                && asked.containsAll(object.members().keySet())) {
            return;
        }
        for (String name : object.members().keySet()) {
            if (!asked.contains(name)) {
                at.noteUnknown(name);
            }
        }
    }
}
