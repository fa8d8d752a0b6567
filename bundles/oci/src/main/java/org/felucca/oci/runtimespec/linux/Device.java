package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A device node in the container.
 *
 * @param type its kind
 * @param path full path in the container
 * @param major major number; needed unless it is a FIFO; null if not set
 * @param minor minor number; needed unless it is a FIFO; null if not set
 * @param fileMode permission bits; null if not set
 * @param uid owner; null if not set
 * @param gid group; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#devices">
 *     runtime-spec, devices</a>
 */
public record Device(
        DeviceType type,
        String path,
        @Nullable Long major,
        @Nullable Long minor,
        @Nullable Long fileMode,
        @Nullable Long uid,
        @Nullable Long gid) {
    /**
     * @throws OciFormatException if the path is not absolute or the numbers are missing
     */
    public Device {
        if (!path.startsWith("/")) {
            throw new OciFormatException(
                    "device",
                    null,
                    OciFormatException.quote(path) + " is not absolute",
                    "give an absolute container path");
        }
        if (type != DeviceType.FIFO && (major == null || minor == null)) {
            throw new OciFormatException("device " + path, null, "major or minor is missing", "give both numbers");
        }
    }

    /** A builder with the required parts. */
    public static Builder builder(DeviceType type, String path) {
        return new Builder(type, path);
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder(type, path);
        builder.major = major;
        builder.minor = minor;
        builder.fileMode = fileMode;
        builder.uid = uid;
        builder.gid = gid;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Device read(JsonCursor at) {
        ObjectReader object = at.object();
        Device result = at.as(cursor -> new Device(
                object.required("type", DeviceType::read),
                object.string("path"),
                object.optionalInt64("major"),
                object.optionalInt64("minor"),
                object.optionalUint32("fileMode"),
                object.optionalUint32("uid"),
                object.optionalUint32("gid")));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("type", type.id())
                .put("path", path)
                .optional("major", major)
                .optional("minor", minor)
                .optional("fileMode", fileMode)
                .optional("uid", uid)
                .optional("gid", gid)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private DeviceType type;
        private String path;
        private @Nullable Long major;
        private @Nullable Long minor;
        private @Nullable Long fileMode;
        private @Nullable Long uid;
        private @Nullable Long gid;

        private Builder(DeviceType type, String path) {
            this.type = type;
            this.path = path;
        }

        /** See {@link Device#type()}. */
        public Builder type(DeviceType value) {
            this.type = value;
            return this;
        }

        /** See {@link Device#path()}. */
        public Builder path(String value) {
            this.path = value;
            return this;
        }

        /** See {@link Device#major()}. */
        public Builder major(@Nullable Long value) {
            this.major = value;
            return this;
        }

        /** See {@link Device#minor()}. */
        public Builder minor(@Nullable Long value) {
            this.minor = value;
            return this;
        }

        /** See {@link Device#fileMode()}. */
        public Builder fileMode(@Nullable Long value) {
            this.fileMode = value;
            return this;
        }

        /** See {@link Device#uid()}. */
        public Builder uid(@Nullable Long value) {
            this.uid = value;
            return this;
        }

        /** See {@link Device#gid()}. */
        public Builder gid(@Nullable Long value) {
            this.gid = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Device build() {
            return new Device(type, path, major, minor, fileMode, uid, gid);
        }
    }
}
