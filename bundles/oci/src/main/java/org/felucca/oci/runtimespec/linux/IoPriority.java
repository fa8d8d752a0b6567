package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * I/O priority of a process.
 *
 * @param ioClass the class
 * @param priority 0 (first) to 7
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-process">
 *     runtime-spec, ioPriority</a>
 */
public record IoPriority(IoPriorityClass ioClass, int priority) {
    /**
     * @throws OciFormatException if the priority is not from 0 to 7
     */
    public IoPriority {
        if (priority < 0 || priority > 7) {
            throw new OciFormatException(
                    "I/O priority", null, "priority " + priority + " does not exist", "use 0 to 7");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static IoPriority read(JsonCursor at) {
        ObjectReader object = at.object();
        IoPriority result = at.as(cursor ->
                new IoPriority(object.required("class", IoPriorityClass::read), object.required("priority", value ->
                        (int) value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("class", ioClass.id())
                .put("priority", priority)
                .build();
    }
}
