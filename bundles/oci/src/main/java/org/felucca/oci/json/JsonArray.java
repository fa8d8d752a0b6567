package org.felucca.oci.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A JSON array.
 *
 * @param values its elements in order; unmodifiable
 */
public record JsonArray(List<JsonValue> values) implements JsonValue {
    /** The array without elements. */
    public static final JsonArray EMPTY = new JsonArray(List.of());

    /** Copies the list. */
    public JsonArray {
        values = List.copyOf(values);
    }

    /** An array of strings. */
    public static JsonArray ofStrings(Collection<String> strings) {
        List<JsonValue> values = new ArrayList<>(strings.size());
        for (String string : strings) {
            values.add(new JsonString(string));
        }
        return new JsonArray(values);
    }
}
