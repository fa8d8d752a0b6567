package org.felucca.hcs.document;

import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How a compute system is asked to end by itself. Hosts before Windows Server 2022 know no options and take none.
 *
 * @param mechanism who carries the request; null for the default
 * @param type what is asked for; null for the default
 * @param force whether programs that object are ended
 * @param reason text for the event log; null if not set
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ShutdownOptions">ShutdownOptions</a>
 */
public record ShutdownOptions(
        @Nullable ShutdownMechanism mechanism,
        @Nullable ShutdownType type,
        boolean force,
        @Nullable String reason) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("Mechanism", mechanism, ShutdownMechanism::value)
                .optional("Type", type, ShutdownType::value)
                .flag("Force", force)
                .optional("Reason", reason)
                .build();
    }
}
