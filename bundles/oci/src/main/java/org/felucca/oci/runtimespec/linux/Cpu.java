package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Limits of the cpu and cpuset controllers.
 *
 * @param shares relative weight, 2 to 262144; 64 bits, unsigned; null if not set
 * @param quota microseconds of CPU time per period; -1 means unlimited; null if not set
 * @param burst microseconds that can be saved up; 64 bits, unsigned; null if not set
 * @param period microseconds of a period; 64 bits, unsigned; null if not set
 * @param realtimeRuntime microseconds of realtime per realtime period (v1); null if not set
 * @param realtimePeriod microseconds of a realtime period (v1); 64 bits, unsigned; null if not set
 * @param cpus list of CPUs such as 0-3,7; null if not set
 * @param mems list of memory nodes; null if not set
 * @param idle 1 for SCHED_IDLE, 0 for normal; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#cpu">runtime-spec, cpu</a>
 */
public record Cpu(
        @Nullable Long shares,
        @Nullable Long quota,
        @Nullable Long burst,
        @Nullable Long period,
        @Nullable Long realtimeRuntime,
        @Nullable Long realtimePeriod,
        @Nullable String cpus,
        @Nullable String mems,
        @Nullable Long idle) {
    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.shares = shares;
        builder.quota = quota;
        builder.burst = burst;
        builder.period = period;
        builder.realtimeRuntime = realtimeRuntime;
        builder.realtimePeriod = realtimePeriod;
        builder.cpus = cpus;
        builder.mems = mems;
        builder.idle = idle;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Cpu read(JsonCursor at) {
        ObjectReader object = at.object();
        Cpu result = new Cpu(
                object.optionalUint64("shares"),
                object.optionalInt64("quota"),
                object.optionalUint64("burst"),
                object.optionalUint64("period"),
                object.optionalInt64("realtimeRuntime"),
                object.optionalUint64("realtimePeriod"),
                object.optionalString("cpus"),
                object.optionalString("mems"),
                object.optionalInt64("idle"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optionalUnsigned("shares", shares)
                .optional("quota", quota)
                .optionalUnsigned("burst", burst)
                .optionalUnsigned("period", period)
                .optional("realtimeRuntime", realtimeRuntime)
                .optionalUnsigned("realtimePeriod", realtimePeriod)
                .optional("cpus", cpus)
                .optional("mems", mems)
                .optional("idle", idle)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private @Nullable Long shares;
        private @Nullable Long quota;
        private @Nullable Long burst;
        private @Nullable Long period;
        private @Nullable Long realtimeRuntime;
        private @Nullable Long realtimePeriod;
        private @Nullable String cpus;
        private @Nullable String mems;
        private @Nullable Long idle;

        private Builder() {}

        /** See {@link Cpu#shares()}. */
        public Builder shares(@Nullable Long value) {
            this.shares = value;
            return this;
        }

        /** See {@link Cpu#quota()}. */
        public Builder quota(@Nullable Long value) {
            this.quota = value;
            return this;
        }

        /** See {@link Cpu#burst()}. */
        public Builder burst(@Nullable Long value) {
            this.burst = value;
            return this;
        }

        /** See {@link Cpu#period()}. */
        public Builder period(@Nullable Long value) {
            this.period = value;
            return this;
        }

        /** See {@link Cpu#realtimeRuntime()}. */
        public Builder realtimeRuntime(@Nullable Long value) {
            this.realtimeRuntime = value;
            return this;
        }

        /** See {@link Cpu#realtimePeriod()}. */
        public Builder realtimePeriod(@Nullable Long value) {
            this.realtimePeriod = value;
            return this;
        }

        /** See {@link Cpu#cpus()}. */
        public Builder cpus(@Nullable String value) {
            this.cpus = value;
            return this;
        }

        /** See {@link Cpu#mems()}. */
        public Builder mems(@Nullable String value) {
            this.mems = value;
            return this;
        }

        /** See {@link Cpu#idle()}. */
        public Builder idle(@Nullable Long value) {
            this.idle = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Cpu build() {
            return new Cpu(shares, quota, burst, period, realtimeRuntime, realtimePeriod, cpus, mems, idle);
        }
    }
}
