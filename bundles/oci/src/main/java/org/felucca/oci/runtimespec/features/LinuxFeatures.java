package org.felucca.oci.runtimespec.features;

import java.util.List;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime supports on Linux; null means unknown.
 *
 * @param namespaces recognized namespaces; null if not set
 * @param capabilities recognized capabilities; null if not set
 * @param cgroup cgroups; null if not set
 * @param seccomp seccomp; null if not set
 * @param apparmor AppArmor; null if not set
 * @param selinux SELinux; null if not set
 * @param intelRdt Intel RDT; null if not set
 * @param memoryPolicy memory policies; null if not set
 * @param mountExtensions extended mounts; null if not set
 * @param netDevices network devices; null if not set
 */
public record LinuxFeatures(
        @Nullable List<String> namespaces,
        @Nullable List<String> capabilities,
        @Nullable CgroupFeatures cgroup,
        @Nullable SeccompFeatures seccomp,
        @Nullable Enabled apparmor,
        @Nullable Enabled selinux,
        @Nullable IntelRdtFeatures intelRdt,
        @Nullable MemoryPolicyFeatures memoryPolicy,
        @Nullable MountExtensions mountExtensions,
        @Nullable Enabled netDevices) {
    /** Copies what can be changed. */
    public LinuxFeatures {
        namespaces = namespaces == null ? null : List.copyOf(namespaces);
        capabilities = capabilities == null ? null : List.copyOf(capabilities);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.namespaces = namespaces;
        builder.capabilities = capabilities;
        builder.cgroup = cgroup;
        builder.seccomp = seccomp;
        builder.apparmor = apparmor;
        builder.selinux = selinux;
        builder.intelRdt = intelRdt;
        builder.memoryPolicy = memoryPolicy;
        builder.mountExtensions = mountExtensions;
        builder.netDevices = netDevices;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static LinuxFeatures read(JsonCursor at) {
        ObjectReader object = at.object();
        LinuxFeatures result = new LinuxFeatures(
                object.optional("namespaces", value -> value.list(JsonCursor::string)),
                object.optional("capabilities", value -> value.list(JsonCursor::string)),
                object.optional("cgroup", CgroupFeatures::read),
                object.optional("seccomp", SeccompFeatures::read),
                object.optional("apparmor", Enabled::read),
                object.optional("selinux", Enabled::read),
                object.optional("intelRdt", IntelRdtFeatures::read),
                object.optional("memoryPolicy", MemoryPolicyFeatures::read),
                object.optional("mountExtensions", MountExtensions::read),
                object.optional("netDevices", Enabled::read));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("namespaces", namespaces, JsonArray::ofStrings)
                .optional("capabilities", capabilities, JsonArray::ofStrings)
                .optional("cgroup", cgroup, CgroupFeatures::toJson)
                .optional("seccomp", seccomp, SeccompFeatures::toJson)
                .optional("apparmor", apparmor, Enabled::toJson)
                .optional("selinux", selinux, Enabled::toJson)
                .optional("intelRdt", intelRdt, IntelRdtFeatures::toJson)
                .optional("memoryPolicy", memoryPolicy, MemoryPolicyFeatures::toJson)
                .optional("mountExtensions", mountExtensions, MountExtensions::toJson)
                .optional("netDevices", netDevices, Enabled::toJson)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private @Nullable List<String> namespaces;
        private @Nullable List<String> capabilities;
        private @Nullable CgroupFeatures cgroup;
        private @Nullable SeccompFeatures seccomp;
        private @Nullable Enabled apparmor;
        private @Nullable Enabled selinux;
        private @Nullable IntelRdtFeatures intelRdt;
        private @Nullable MemoryPolicyFeatures memoryPolicy;
        private @Nullable MountExtensions mountExtensions;
        private @Nullable Enabled netDevices;

        private Builder() {}

        /** See {@link LinuxFeatures#namespaces()}. */
        public Builder namespaces(@Nullable List<String> value) {
            this.namespaces = value;
            return this;
        }

        /** See {@link LinuxFeatures#capabilities()}. */
        public Builder capabilities(@Nullable List<String> value) {
            this.capabilities = value;
            return this;
        }

        /** See {@link LinuxFeatures#cgroup()}. */
        public Builder cgroup(@Nullable CgroupFeatures value) {
            this.cgroup = value;
            return this;
        }

        /** See {@link LinuxFeatures#seccomp()}. */
        public Builder seccomp(@Nullable SeccompFeatures value) {
            this.seccomp = value;
            return this;
        }

        /** See {@link LinuxFeatures#apparmor()}. */
        public Builder apparmor(@Nullable Enabled value) {
            this.apparmor = value;
            return this;
        }

        /** See {@link LinuxFeatures#selinux()}. */
        public Builder selinux(@Nullable Enabled value) {
            this.selinux = value;
            return this;
        }

        /** See {@link LinuxFeatures#intelRdt()}. */
        public Builder intelRdt(@Nullable IntelRdtFeatures value) {
            this.intelRdt = value;
            return this;
        }

        /** See {@link LinuxFeatures#memoryPolicy()}. */
        public Builder memoryPolicy(@Nullable MemoryPolicyFeatures value) {
            this.memoryPolicy = value;
            return this;
        }

        /** See {@link LinuxFeatures#mountExtensions()}. */
        public Builder mountExtensions(@Nullable MountExtensions value) {
            this.mountExtensions = value;
            return this;
        }

        /** See {@link LinuxFeatures#netDevices()}. */
        public Builder netDevices(@Nullable Enabled value) {
            this.netDevices = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public LinuxFeatures build() {
            return new LinuxFeatures(
                    namespaces,
                    capabilities,
                    cgroup,
                    seccomp,
                    apparmor,
                    selinux,
                    intelRdt,
                    memoryPolicy,
                    mountExtensions,
                    netDevices);
        }
    }
}
