package org.felucca.oci.json;

/** One JSON value. Immutable; {@code equals} compares content (members of an object in any order). */
public sealed interface JsonValue permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {

    /** The kind's name as a message says it: {@code object}, {@code array}, {@code string} and so on. */
    default String kind() {
        if (this instanceof JsonObject) {
            return "object";
        } else if (this instanceof JsonArray) {
            return "array";
        } else if (this instanceof JsonString) {
            return "string";
        } else if (this instanceof JsonNumber) {
            return "number";
        } else if (this instanceof JsonBoolean) {
            return "boolean";
        }
        return "null";
    }
}
