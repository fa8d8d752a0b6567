package org.felucca.oci.runtimespec.linux;

import java.util.List;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A rule for some system calls.
 *
 * @param names their names
 * @param action what happens
 * @param errnoRet error number for ERRNO, data for TRACE; null if not set
 * @param args conditions, all of which must hold
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#seccomp">
 *     runtime-spec, seccomp</a>
 */
public record SeccompSyscall(
        List<String> names, SeccompAction action, @Nullable Long errnoRet, List<SeccompArg> args) {
    /**
     * @throws OciFormatException if there is no name
     */
    public SeccompSyscall {
        names = List.copyOf(names);
        args = List.copyOf(args);
        if (names.isEmpty()) {
            throw new OciFormatException("seccomp rule", null, "it names no system call", "give at least one");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static SeccompSyscall read(JsonCursor at) {
        ObjectReader object = at.object();
        SeccompSyscall result = at.as(cursor -> new SeccompSyscall(
                object.require("names").list(JsonCursor::string),
                object.required("action", SeccompAction::read),
                object.optionalUint32("errnoRet"),
                object.list("args", SeccompArg::read)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("names", JsonArray.ofStrings(names))
                .put("action", action.id())
                .optional("errnoRet", errnoRet)
                .array("args", args, SeccompArg::toJson)
                .build();
    }
}
