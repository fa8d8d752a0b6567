package org.felucca.oci.runtimespec.linux;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the net_cls and net_prio controllers.
 *
 * @param classId class of the packets; null if not set
 * @param priorities priorities by interface
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#network">
 *     runtime-spec, network</a>
 */
public record Network(@Nullable Long classId, List<InterfacePriority> priorities) {
    /** Copies what can be changed. */
    public Network {
        priorities = List.copyOf(priorities);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Network read(JsonCursor at) {
        ObjectReader object = at.object();
        Network result =
                new Network(object.optionalUint32("classID"), object.list("priorities", InterfacePriority::read));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("classID", classId)
                .array("priorities", priorities, InterfacePriority::toJson)
                .build();
    }
}
