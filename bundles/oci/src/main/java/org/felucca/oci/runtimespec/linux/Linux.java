package org.felucca.oci.runtimespec.linux;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to containers on Linux.
 *
 * @param uidMappings user ids of the user namespace
 * @param gidMappings group ids of the user namespace
 * @param sysctl kernel parameters
 * @param resources limits; null if not set
 * @param cgroupsPath cgroup, absolute under the mount point, or as the cgroup driver reads it; null if not set
 * @param namespaces namespaces made or joined
 * @param devices device nodes besides the default ones
 * @param netDevices host network devices moved in, by name
 * @param seccomp filter of system calls; null if not set
 * @param rootfsPropagation mount propagation of the root; null if not set
 * @param maskedPaths paths that cannot be read
 * @param readonlyPaths paths that cannot be written
 * @param mountLabel SELinux label of the mounts; null if not set
 * @param intelRdt Intel RDT settings; null if not set
 * @param memoryPolicy NUMA memory policy; null if not set
 * @param personality execution domain; null if not set
 * @param timeOffsets offsets by clock: monotonic, boottime
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md">runtime-spec, Linux</a>
 */
public record Linux(
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings,
        Map<String, String> sysctl,
        @Nullable Resources resources,
        @Nullable String cgroupsPath,
        List<Namespace> namespaces,
        List<Device> devices,
        Map<String, NetDevice> netDevices,
        @Nullable Seccomp seccomp,
        @Nullable String rootfsPropagation,
        List<String> maskedPaths,
        List<String> readonlyPaths,
        @Nullable String mountLabel,
        @Nullable IntelRdt intelRdt,
        @Nullable MemoryPolicy memoryPolicy,
        @Nullable Personality personality,
        Map<String, TimeOffset> timeOffsets) {
    /**
     * @throws OciFormatException if a namespace is named twice or a clock does not exist
     */
    public Linux {
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
        sysctl = Collections.unmodifiableMap(new LinkedHashMap<>(sysctl));
        namespaces = List.copyOf(namespaces);
        devices = List.copyOf(devices);
        netDevices = Collections.unmodifiableMap(new LinkedHashMap<>(netDevices));
        maskedPaths = List.copyOf(maskedPaths);
        readonlyPaths = List.copyOf(readonlyPaths);
        timeOffsets = Collections.unmodifiableMap(new LinkedHashMap<>(timeOffsets));
        Set<NamespaceType> seen = new HashSet<>();
        for (Namespace namespace : namespaces) {
            if (!seen.add(namespace.type())) {
                throw new OciFormatException(
                        "linux settings",
                        null,
                        "namespace " + namespace.type().id() + " is named twice",
                        "keep one of them");
            }
        }
        for (String clock : timeOffsets.keySet()) {
            if (!clock.equals("monotonic") && !clock.equals("boottime")) {
                throw new OciFormatException(
                        "linux settings",
                        null,
                        "clock " + OciFormatException.quote(clock) + " has no offset",
                        "use monotonic or boottime");
            }
        }
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.uidMappings = uidMappings;
        builder.gidMappings = gidMappings;
        builder.sysctl = sysctl;
        builder.resources = resources;
        builder.cgroupsPath = cgroupsPath;
        builder.namespaces = namespaces;
        builder.devices = devices;
        builder.netDevices = netDevices;
        builder.seccomp = seccomp;
        builder.rootfsPropagation = rootfsPropagation;
        builder.maskedPaths = maskedPaths;
        builder.readonlyPaths = readonlyPaths;
        builder.mountLabel = mountLabel;
        builder.intelRdt = intelRdt;
        builder.memoryPolicy = memoryPolicy;
        builder.personality = personality;
        builder.timeOffsets = timeOffsets;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Linux read(JsonCursor at) {
        ObjectReader object = at.object();
        Linux result = at.as(cursor -> new Linux(
                object.list("uidMappings", IdMapping::read),
                object.list("gidMappings", IdMapping::read),
                object.stringMap("sysctl"),
                object.optional("resources", Resources::read),
                object.optionalString("cgroupsPath"),
                object.list("namespaces", Namespace::read),
                object.list("devices", Device::read),
                object.map("netDevices", NetDevice::read),
                object.optional("seccomp", Seccomp::read),
                object.optionalString("rootfsPropagation"),
                object.strings("maskedPaths"),
                object.strings("readonlyPaths"),
                object.optionalString("mountLabel"),
                object.optional("intelRdt", IntelRdt::read),
                object.optional("memoryPolicy", MemoryPolicy::read),
                object.optional("personality", Personality::read),
                object.map("timeOffsets", TimeOffset::read)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .array("uidMappings", uidMappings, IdMapping::toJson)
                .array("gidMappings", gidMappings, IdMapping::toJson)
                .stringMap("sysctl", sysctl)
                .optional("resources", resources, Resources::toJson)
                .optional("cgroupsPath", cgroupsPath)
                .array("namespaces", namespaces, Namespace::toJson)
                .array("devices", devices, Device::toJson)
                .map("netDevices", netDevices, NetDevice::toJson)
                .optional("seccomp", seccomp, Seccomp::toJson)
                .optional("rootfsPropagation", rootfsPropagation)
                .strings("maskedPaths", maskedPaths)
                .strings("readonlyPaths", readonlyPaths)
                .optional("mountLabel", mountLabel)
                .optional("intelRdt", intelRdt, IntelRdt::toJson)
                .optional("memoryPolicy", memoryPolicy, MemoryPolicy::toJson)
                .optional("personality", personality, Personality::toJson)
                .map("timeOffsets", timeOffsets, TimeOffset::toJson)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private List<IdMapping> uidMappings = List.of();
        private List<IdMapping> gidMappings = List.of();
        private Map<String, String> sysctl = Map.of();
        private @Nullable Resources resources;
        private @Nullable String cgroupsPath;
        private List<Namespace> namespaces = List.of();
        private List<Device> devices = List.of();
        private Map<String, NetDevice> netDevices = Map.of();
        private @Nullable Seccomp seccomp;
        private @Nullable String rootfsPropagation;
        private List<String> maskedPaths = List.of();
        private List<String> readonlyPaths = List.of();
        private @Nullable String mountLabel;
        private @Nullable IntelRdt intelRdt;
        private @Nullable MemoryPolicy memoryPolicy;
        private @Nullable Personality personality;
        private Map<String, TimeOffset> timeOffsets = Map.of();

        private Builder() {}

        /** See {@link Linux#uidMappings()}. */
        public Builder uidMappings(List<IdMapping> value) {
            this.uidMappings = value;
            return this;
        }

        /** See {@link Linux#gidMappings()}. */
        public Builder gidMappings(List<IdMapping> value) {
            this.gidMappings = value;
            return this;
        }

        /** See {@link Linux#sysctl()}. */
        public Builder sysctl(Map<String, String> value) {
            this.sysctl = value;
            return this;
        }

        /** See {@link Linux#resources()}. */
        public Builder resources(@Nullable Resources value) {
            this.resources = value;
            return this;
        }

        /** See {@link Linux#cgroupsPath()}. */
        public Builder cgroupsPath(@Nullable String value) {
            this.cgroupsPath = value;
            return this;
        }

        /** See {@link Linux#namespaces()}. */
        public Builder namespaces(List<Namespace> value) {
            this.namespaces = value;
            return this;
        }

        /** See {@link Linux#devices()}. */
        public Builder devices(List<Device> value) {
            this.devices = value;
            return this;
        }

        /** See {@link Linux#netDevices()}. */
        public Builder netDevices(Map<String, NetDevice> value) {
            this.netDevices = value;
            return this;
        }

        /** See {@link Linux#seccomp()}. */
        public Builder seccomp(@Nullable Seccomp value) {
            this.seccomp = value;
            return this;
        }

        /** See {@link Linux#rootfsPropagation()}. */
        public Builder rootfsPropagation(@Nullable String value) {
            this.rootfsPropagation = value;
            return this;
        }

        /** See {@link Linux#maskedPaths()}. */
        public Builder maskedPaths(List<String> value) {
            this.maskedPaths = value;
            return this;
        }

        /** See {@link Linux#readonlyPaths()}. */
        public Builder readonlyPaths(List<String> value) {
            this.readonlyPaths = value;
            return this;
        }

        /** See {@link Linux#mountLabel()}. */
        public Builder mountLabel(@Nullable String value) {
            this.mountLabel = value;
            return this;
        }

        /** See {@link Linux#intelRdt()}. */
        public Builder intelRdt(@Nullable IntelRdt value) {
            this.intelRdt = value;
            return this;
        }

        /** See {@link Linux#memoryPolicy()}. */
        public Builder memoryPolicy(@Nullable MemoryPolicy value) {
            this.memoryPolicy = value;
            return this;
        }

        /** See {@link Linux#personality()}. */
        public Builder personality(@Nullable Personality value) {
            this.personality = value;
            return this;
        }

        /** See {@link Linux#timeOffsets()}. */
        public Builder timeOffsets(Map<String, TimeOffset> value) {
            this.timeOffsets = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Linux build() {
            return new Linux(
                    uidMappings,
                    gidMappings,
                    sysctl,
                    resources,
                    cgroupsPath,
                    namespaces,
                    devices,
                    netDevices,
                    seccomp,
                    rootfsPropagation,
                    maskedPaths,
                    readonlyPaths,
                    mountLabel,
                    intelRdt,
                    memoryPolicy,
                    personality,
                    timeOffsets);
        }
    }
}
