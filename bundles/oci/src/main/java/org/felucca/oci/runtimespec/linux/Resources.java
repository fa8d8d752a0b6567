package org.felucca.oci.runtimespec.linux;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Limits set through cgroups.
 *
 * @param devices device rules in order
 * @param memory memory controller; null if not set
 * @param cpu cpu and cpuset controllers; null if not set
 * @param pids pids controller; null if not set
 * @param blockIo blkio or io controller; null if not set
 * @param hugepageLimits huge pages by size
 * @param network network controllers (v1); null if not set
 * @param rdma RDMA limits by device
 * @param unified cgroup v2 files and what to write
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#control-groups">
 *     runtime-spec, control groups</a>
 */
public record Resources(
        List<DeviceRule> devices,
        @Nullable Memory memory,
        @Nullable Cpu cpu,
        @Nullable Pids pids,
        @Nullable BlockIo blockIo,
        List<HugepageLimit> hugepageLimits,
        @Nullable Network network,
        Map<String, Rdma> rdma,
        Map<String, String> unified) {
    /** Copies what can be changed. */
    public Resources {
        devices = List.copyOf(devices);
        hugepageLimits = List.copyOf(hugepageLimits);
        rdma = Collections.unmodifiableMap(new LinkedHashMap<>(rdma));
        unified = Collections.unmodifiableMap(new LinkedHashMap<>(unified));
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.devices = devices;
        builder.memory = memory;
        builder.cpu = cpu;
        builder.pids = pids;
        builder.blockIo = blockIo;
        builder.hugepageLimits = hugepageLimits;
        builder.network = network;
        builder.rdma = rdma;
        builder.unified = unified;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Resources read(JsonCursor at) {
        ObjectReader object = at.object();
        Resources result = new Resources(
                object.list("devices", DeviceRule::read),
                object.optional("memory", Memory::read),
                object.optional("cpu", Cpu::read),
                object.optional("pids", Pids::read),
                object.optional("blockIO", BlockIo::read),
                object.list("hugepageLimits", HugepageLimit::read),
                object.optional("network", Network::read),
                object.map("rdma", Rdma::read),
                object.stringMap("unified"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .array("devices", devices, DeviceRule::toJson)
                .optional("memory", memory, Memory::toJson)
                .optional("cpu", cpu, Cpu::toJson)
                .optional("pids", pids, Pids::toJson)
                .optional("blockIO", blockIo, BlockIo::toJson)
                .array("hugepageLimits", hugepageLimits, HugepageLimit::toJson)
                .optional("network", network, Network::toJson)
                .map("rdma", rdma, Rdma::toJson)
                .stringMap("unified", unified)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private List<DeviceRule> devices = List.of();
        private @Nullable Memory memory;
        private @Nullable Cpu cpu;
        private @Nullable Pids pids;
        private @Nullable BlockIo blockIo;
        private List<HugepageLimit> hugepageLimits = List.of();
        private @Nullable Network network;
        private Map<String, Rdma> rdma = Map.of();
        private Map<String, String> unified = Map.of();

        private Builder() {}

        /** See {@link Resources#devices()}. */
        public Builder devices(List<DeviceRule> value) {
            this.devices = value;
            return this;
        }

        /** See {@link Resources#memory()}. */
        public Builder memory(@Nullable Memory value) {
            this.memory = value;
            return this;
        }

        /** See {@link Resources#cpu()}. */
        public Builder cpu(@Nullable Cpu value) {
            this.cpu = value;
            return this;
        }

        /** See {@link Resources#pids()}. */
        public Builder pids(@Nullable Pids value) {
            this.pids = value;
            return this;
        }

        /** See {@link Resources#blockIo()}. */
        public Builder blockIo(@Nullable BlockIo value) {
            this.blockIo = value;
            return this;
        }

        /** See {@link Resources#hugepageLimits()}. */
        public Builder hugepageLimits(List<HugepageLimit> value) {
            this.hugepageLimits = value;
            return this;
        }

        /** See {@link Resources#network()}. */
        public Builder network(@Nullable Network value) {
            this.network = value;
            return this;
        }

        /** See {@link Resources#rdma()}. */
        public Builder rdma(Map<String, Rdma> value) {
            this.rdma = value;
            return this;
        }

        /** See {@link Resources#unified()}. */
        public Builder unified(Map<String, String> value) {
            this.unified = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Resources build() {
            return new Resources(devices, memory, cpu, pids, blockIo, hugepageLimits, network, rdma, unified);
        }
    }
}
