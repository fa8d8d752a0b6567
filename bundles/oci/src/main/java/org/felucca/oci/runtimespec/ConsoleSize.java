package org.felucca.oci.runtimespec;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * Size of a terminal.
 *
 * @param height rows
 * @param width columns
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#process">runtime-spec, process</a>
 */
public record ConsoleSize(long height, long width) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static ConsoleSize read(JsonCursor at) {
        ObjectReader object = at.object();
        ConsoleSize result = new ConsoleSize(
                object.required("height", JsonCursor::uint32), object.required("width", JsonCursor::uint32));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().put("height", height).put("width", width).build();
    }
}
