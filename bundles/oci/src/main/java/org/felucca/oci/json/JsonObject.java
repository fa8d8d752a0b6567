package org.felucca.oci.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A JSON object: unique names, members in the order they were written or put. */
public final class JsonObject implements JsonValue {
    /** The object without members. */
    public static final JsonObject EMPTY = new JsonObject(Map.of());

    private final Map<String, JsonValue> members;

    private JsonObject(Map<String, JsonValue> owned) {
        this.members = Collections.unmodifiableMap(owned);
    }

    /** An object with a copy of these members, in the map's order. */
    public static JsonObject of(Map<String, ? extends JsonValue> members) {
        Builder builder = builder();
        members.forEach(builder::put);
        return builder.build();
    }

    /** A builder without members. */
    public static Builder builder() {
        return new Builder();
    }

    /** All members in order; unmodifiable. */
    public Map<String, JsonValue> members() {
        return members;
    }

    /** The member of that name; JSON's null is a value here. */
    public Optional<JsonValue> get(String name) {
        return Optional.ofNullable(members.get(name));
    }

    @Nullable
    JsonValue find(String name) {
        return members.get(name);
    }

    /** A builder that starts with these members. */
    public Builder toBuilder() {
        Builder builder = builder();
        builder.members.putAll(members);
        return builder;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonObject that && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    @Override
    public String toString() {
        return Json.text(this);
    }

    /**
     * Collects members. Every {@code put} replaces a member of the same name in place. The variants that take a
     * nullable value or a collection leave the member out when there is nothing to say (Go's {@code omitempty}), so
     * that a document's fields can be listed in one chain. Confined to one thread.
     */
    public static final class Builder {
        private final Map<String, JsonValue> members = new LinkedHashMap<>();

        private Builder() {}

        /** Puts a value. */
        public Builder put(String name, JsonValue value) {
            JsonString.requireScalar(name);
            members.put(name, value);
            return this;
        }

        /** Puts a string, even an empty one. */
        public Builder put(String name, String value) {
            return put(name, new JsonString(value));
        }

        /** Puts a signed number. */
        public Builder put(String name, long value) {
            return put(name, JsonNumber.of(value));
        }

        /** Puts 64 bits as an unsigned number. */
        public Builder putUnsigned(String name, long bits) {
            return put(name, JsonNumber.ofUnsigned(bits));
        }

        /** Puts a literal, also {@code false}. */
        public Builder put(String name, boolean value) {
            return put(name, JsonBoolean.of(value));
        }

        /** Puts a string unless it is null. */
        public Builder optional(String name, @Nullable String value) {
            return value == null ? this : put(name, value);
        }

        /** Puts a number unless it is null. */
        public Builder optional(String name, @Nullable Long value) {
            return value == null ? this : put(name, value.longValue());
        }

        /** Puts a number unless it is null. */
        public Builder optional(String name, @Nullable Integer value) {
            return value == null ? this : put(name, value.longValue());
        }

        /** Puts 64 bits as an unsigned number unless they are null. */
        public Builder optionalUnsigned(String name, @Nullable Long bits) {
            return bits == null ? this : putUnsigned(name, bits);
        }

        /** Puts a literal unless it is null. */
        public Builder optional(String name, @Nullable Boolean value) {
            return value == null ? this : put(name, value.booleanValue());
        }

        /** Puts a value unless it is null. */
        public Builder optional(String name, @Nullable JsonValue value) {
            return value == null ? this : put(name, value);
        }

        /** Puts what {@code toJson} makes of a part unless the part is null. */
        public <T> Builder optional(String name, @Nullable T part, Function<T, ? extends JsonValue> toJson) {
            return part == null ? this : put(name, toJson.apply(part));
        }

        /** Puts {@code true}, or nothing. */
        public Builder flag(String name, boolean value) {
            return value ? put(name, true) : this;
        }

        /** Puts an array of strings unless it has no elements. */
        public Builder strings(String name, Collection<String> values) {
            return values.isEmpty() ? this : put(name, JsonArray.ofStrings(values));
        }

        /** Puts an array of what {@code toJson} makes of each part, unless there are none. */
        public <T> Builder array(String name, Collection<T> parts, Function<? super T, ? extends JsonValue> toJson) {
            if (parts.isEmpty()) {
                return this;
            }
            List<JsonValue> values = new ArrayList<>(parts.size());
            for (T part : parts) {
                values.add(toJson.apply(part));
            }
            return put(name, new JsonArray(values));
        }

        /** Puts an object of strings unless it has no members. */
        public Builder stringMap(String name, Map<String, String> map) {
            return map(name, map, JsonString::new);
        }

        /** Puts an object of what {@code toJson} makes of each part, unless there are none. */
        public <T> Builder map(String name, Map<String, T> parts, Function<? super T, ? extends JsonValue> toJson) {
            if (parts.isEmpty()) {
                return this;
            }
            Builder inner = builder();
            parts.forEach((key, part) -> inner.put(key, toJson.apply(part)));
            return put(name, inner.build());
        }

        /** Whether a member of that name was put. */
        public boolean has(String name) {
            return members.containsKey(name);
        }

        /** The object; the builder can go on and does not change it. */
        public JsonObject build() {
            return members.isEmpty() ? EMPTY : new JsonObject(new LinkedHashMap<>(members));
        }
    }
}
