package org.felucca.hcs.document.notice;

import java.time.Instant;
import org.felucca.hcs.document.Times;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What a container uses.
 *
 * @param timestamp when it was read; null if not given
 * @param containerStartTime when the container started; null if not given
 * @param uptime100ns tenths of microseconds since then; null if not given
 * @param processor processor time; null if not given
 * @param memory memory; null if not given
 * @param storage transfers of the system drive; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Statistics">Statistics</a>
 */
public record Statistics(
        @Nullable Instant timestamp,
        @Nullable Instant containerStartTime,
        @Nullable Long uptime100ns,
        @Nullable ProcessorStatistics processor,
        @Nullable MemoryStatistics memory,
        @Nullable StorageStatistics storage) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static Statistics read(JsonCursor at) {
        ObjectReader object = at.object();
        Statistics result = new Statistics(
                object.optional("Timestamp", Times::read),
                object.optional("ContainerStartTime", Times::read),
                object.optionalUint64("Uptime100ns"),
                object.optional("Processor", ProcessorStatistics::read),
                object.optional("Memory", MemoryStatistics::read),
                object.optional("Storage", StorageStatistics::read));
        return result;
    }
}
