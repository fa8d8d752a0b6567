package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the cgroup device controller.
 *
 * @param allow whether it allows or denies
 * @param type which kind of device; null means all; null if not set
 * @param major major number; null or -1 means all; null if not set
 * @param minor minor number; null or -1 means all; null if not set
 * @param access any of r, w and m (mknod); null means all; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#allowed-device-list">
 *     runtime-spec, allowed device list</a>
 */
public record DeviceRule(
        boolean allow,
        @Nullable DeviceRuleType type,
        @Nullable Long major,
        @Nullable Long minor,
        @Nullable String access) {
    /**
     * @throws OciFormatException if the access has other letters
     */
    public DeviceRule {
        if (access != null && !access.chars().allMatch(c -> c == 'r' || c == 'w' || c == 'm')) {
            throw new OciFormatException(
                    "device rule",
                    null,
                    "access " + OciFormatException.quote(access) + " is malformed",
                    "use letters of rwm");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static DeviceRule read(JsonCursor at) {
        ObjectReader object = at.object();
        DeviceRule result = at.as(cursor -> new DeviceRule(
                object.required("allow", JsonCursor::bool),
                object.optional("type", DeviceRuleType::read),
                object.optionalInt64("major"),
                object.optionalInt64("minor"),
                object.optionalString("access")));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("allow", allow)
                .optional("type", type == null ? null : type.id())
                .optional("major", major)
                .optional("minor", minor)
                .optional("access", access)
                .build();
    }
}
