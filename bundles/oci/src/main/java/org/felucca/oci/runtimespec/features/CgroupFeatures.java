package org.felucca.oci.runtimespec.features;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Support of cgroups; null means unknown.
 *
 * @param v1 cgroup v1; null if not set
 * @param v2 cgroup v2; null if not set
 * @param systemd systemd as cgroup manager; null if not set
 * @param systemdUser systemd's user manager; null if not set
 * @param rdma the rdma controller; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features-linux.md#cgroup">
 *     runtime-spec, features</a>
 */
public record CgroupFeatures(
        @Nullable Boolean v1,
        @Nullable Boolean v2,
        @Nullable Boolean systemd,
        @Nullable Boolean systemdUser,
        @Nullable Boolean rdma) {
    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.v1 = v1;
        builder.v2 = v2;
        builder.systemd = systemd;
        builder.systemdUser = systemdUser;
        builder.rdma = rdma;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static CgroupFeatures read(JsonCursor at) {
        ObjectReader object = at.object();
        CgroupFeatures result = new CgroupFeatures(
                object.optionalBool("v1"),
                object.optionalBool("v2"),
                object.optionalBool("systemd"),
                object.optionalBool("systemdUser"),
                object.optionalBool("rdma"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("v1", v1)
                .optional("v2", v2)
                .optional("systemd", systemd)
                .optional("systemdUser", systemdUser)
                .optional("rdma", rdma)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private @Nullable Boolean v1;
        private @Nullable Boolean v2;
        private @Nullable Boolean systemd;
        private @Nullable Boolean systemdUser;
        private @Nullable Boolean rdma;

        private Builder() {}

        /** See {@link CgroupFeatures#v1()}. */
        public Builder v1(@Nullable Boolean value) {
            this.v1 = value;
            return this;
        }

        /** See {@link CgroupFeatures#v2()}. */
        public Builder v2(@Nullable Boolean value) {
            this.v2 = value;
            return this;
        }

        /** See {@link CgroupFeatures#systemd()}. */
        public Builder systemd(@Nullable Boolean value) {
            this.systemd = value;
            return this;
        }

        /** See {@link CgroupFeatures#systemdUser()}. */
        public Builder systemdUser(@Nullable Boolean value) {
            this.systemdUser = value;
            return this;
        }

        /** See {@link CgroupFeatures#rdma()}. */
        public Builder rdma(@Nullable Boolean value) {
            this.rdma = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public CgroupFeatures build() {
            return new CgroupFeatures(v1, v2, systemd, systemdUser, rdma);
        }
    }
}
