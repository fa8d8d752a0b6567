package org.felucca.oci.runtimespec;

import java.util.List;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A program run at a point of a container's life.
 *
 * @param path the program, absolute
 * @param args its arguments, the first being its name
 * @param env its environment
 * @param timeout seconds after which it is stopped; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#posix-platform-hooks">
 *     runtime-spec, hooks</a>
 */
public record Hook(
        String path,
        List<String> args,
        List<String> env,
        @Nullable Integer timeout) {
    /**
     * @throws OciFormatException if the path is not absolute or the timeout not positive
     */
    public Hook {
        args = List.copyOf(args);
        env = List.copyOf(env);
        if (!path.startsWith("/")) {
            throw new OciFormatException(
                    "hook", null, OciFormatException.quote(path) + " is not absolute", "give an absolute path");
        }
        if (timeout != null && timeout <= 0) {
            throw new OciFormatException(
                    "hook " + path, null, "timeout " + timeout + " is not positive", "give seconds");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Hook read(JsonCursor at) {
        ObjectReader object = at.object();
        Hook result = at.as(cursor -> new Hook(
                object.required("path", JsonCursor::nonEmptyString),
                object.strings("args"),
                object.strings("env"),
                object.optionalInt32("timeout")));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("path", path)
                .strings("args", args)
                .strings("env", env)
                .optional("timeout", timeout)
                .build();
    }
}
