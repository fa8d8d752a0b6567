package org.felucca.hcs.document.notice;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Transfers of the system drive since the start.
 *
 * @param readCount reads; null if not given
 * @param readBytes bytes read; null if not given
 * @param writeCount writes; null if not given
 * @param writeBytes bytes written; null if not given
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#StorageStats">StorageStats</a>
 */
public record StorageStatistics(
        @Nullable Long readCount,
        @Nullable Long readBytes,
        @Nullable Long writeCount,
        @Nullable Long writeBytes) {
    /** Reads one; see {@link JsonCursor} for what is thrown. Members of later schemas are passed over. */
    public static StorageStatistics read(JsonCursor at) {
        ObjectReader object = at.object();
        StorageStatistics result = new StorageStatistics(
                object.optionalUint64("ReadCountNormalized"),
                object.optionalUint64("ReadSizeBytes"),
                object.optionalUint64("WriteCountNormalized"),
                object.optionalUint64("WriteSizeBytes"));
        return result;
    }
}
