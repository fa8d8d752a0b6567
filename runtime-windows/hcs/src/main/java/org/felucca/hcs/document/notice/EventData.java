package org.felucca.hcs.document.notice;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A value of an event.
 *
 * @param type type of the value, such as String, UInt32; null if not given
 * @param value its text; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#EventData">EventData</a>
 */
public record EventData(@Nullable String type, @Nullable String value) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static EventData read(JsonCursor at) {
        ObjectReader object = at.object();
        EventData result = new EventData(object.optionalString("Type"), object.optionalString("Value"));
        return result;
    }
}
