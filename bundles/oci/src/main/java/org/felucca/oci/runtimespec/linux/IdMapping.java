package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * A range of user or group ids of a user namespace or an idmapped mount.
 *
 * @param containerId first id in the container
 * @param hostId first id on the host
 * @param size how many ids
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#user-namespace-mappings">
 *     runtime-spec, user namespace mappings</a>
 */
public record IdMapping(long containerId, long hostId, long size) {
    /**
     * @throws OciFormatException if the size is zero or a range ends past 2^32
     */
    public IdMapping {
        if (size == 0 || containerId < 0 || hostId < 0 || containerId + size > 1L << 32 || hostId + size > 1L << 32) {
            throw new OciFormatException(
                    "id mapping",
                    null,
                    "range " + containerId + ":" + hostId + ":" + size + " is outside 32 bits or empty",
                    "correct it");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static IdMapping read(JsonCursor at) {
        ObjectReader object = at.object();
        IdMapping result = at.as(cursor -> new IdMapping(
                object.required("containerID", JsonCursor::uint32),
                object.required("hostID", JsonCursor::uint32),
                object.required("size", JsonCursor::uint32)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("containerID", containerId)
                .put("hostID", hostId)
                .put("size", size)
                .build();
    }
}
