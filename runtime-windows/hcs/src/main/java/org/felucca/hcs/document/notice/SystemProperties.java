package org.felucca.hcs.document.notice;

import java.util.List;
import java.util.UUID;
import org.felucca.hcs.document.Guids;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A compute system as the host describes it.
 *
 * @param id its id
 * @param systemType its kind: Container, VirtualMachine; null if not given
 * @param owner who made it; null if not given
 * @param runtimeId its id below HCS; null if not given
 * @param state what it is doing; null if not given
 * @param stopped whether it ended
 * @param exitType how it ended; null if not given
 * @param statistics what it uses; null unless asked for
 * @param processes its processes; empty unless asked for
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Properties">Properties</a>
 */
public record SystemProperties(
        String id,
        @Nullable String systemType,
        @Nullable String owner,
        @Nullable UUID runtimeId,
        @Nullable SystemState state,
        boolean stopped,
        @Nullable ExitType exitType,
        @Nullable Statistics statistics,
        List<ProcessDetails> processes) {
    /** Copies what can be changed. */
    public SystemProperties {
        processes = List.copyOf(processes);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static SystemProperties read(JsonCursor at) {
        ObjectReader object = at.object();
        SystemProperties result = new SystemProperties(
                object.string("Id"),
                object.optionalString("SystemType"),
                object.optionalString("Owner"),
                object.optional("RuntimeId", Guids::read),
                object.optional("State", SystemState::read),
                object.flag("Stopped"),
                object.optional("ExitType", ExitType::read),
                object.optional("Statistics", Statistics::read),
                object.list("ProcessList", ProcessDetails::read));
        return result;
    }
}
