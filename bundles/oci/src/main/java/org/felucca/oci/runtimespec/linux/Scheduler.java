package org.felucca.oci.runtimespec.linux;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Scheduling attributes of a process, as of sched_setattr(2).
 *
 * @param policy the policy
 * @param nice nice value for OTHER and BATCH; null if not set
 * @param priority static priority for FIFO and RR; null if not set
 * @param flags flags
 * @param runtime nanoseconds of a period it may run, for DEADLINE; 64 bits, unsigned; null if not set
 * @param deadline nanoseconds until it must have run, for DEADLINE; 64 bits, unsigned; null if not set
 * @param period nanoseconds of a period, for DEADLINE; 64 bits, unsigned; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-process">
 *     runtime-spec, scheduler</a>
 */
public record Scheduler(
        SchedulerPolicy policy,
        @Nullable Integer nice,
        @Nullable Integer priority,
        List<SchedulerFlag> flags,
        @Nullable Long runtime,
        @Nullable Long deadline,
        @Nullable Long period) {
    /** Copies what can be changed. */
    public Scheduler {
        flags = List.copyOf(flags);
    }

    /** A builder with the required parts. */
    public static Builder builder(SchedulerPolicy policy) {
        return new Builder(policy);
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder(policy);
        builder.nice = nice;
        builder.priority = priority;
        builder.flags = flags;
        builder.runtime = runtime;
        builder.deadline = deadline;
        builder.period = period;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Scheduler read(JsonCursor at) {
        ObjectReader object = at.object();
        Scheduler result = new Scheduler(
                object.required("policy", SchedulerPolicy::read),
                object.optionalInt32("nice"),
                object.optionalInt32("priority"),
                object.list("flags", SchedulerFlag::read),
                object.optionalUint64("runtime"),
                object.optionalUint64("deadline"),
                object.optionalUint64("period"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("policy", policy.id())
                .optional("nice", nice)
                .optional("priority", priority)
                .array("flags", flags, value -> new JsonString(value.id()))
                .optionalUnsigned("runtime", runtime)
                .optionalUnsigned("deadline", deadline)
                .optionalUnsigned("period", period)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private SchedulerPolicy policy;
        private @Nullable Integer nice;
        private @Nullable Integer priority;
        private List<SchedulerFlag> flags = List.of();
        private @Nullable Long runtime;
        private @Nullable Long deadline;
        private @Nullable Long period;

        private Builder(SchedulerPolicy policy) {
            this.policy = policy;
        }

        /** See {@link Scheduler#policy()}. */
        public Builder policy(SchedulerPolicy value) {
            this.policy = value;
            return this;
        }

        /** See {@link Scheduler#nice()}. */
        public Builder nice(@Nullable Integer value) {
            this.nice = value;
            return this;
        }

        /** See {@link Scheduler#priority()}. */
        public Builder priority(@Nullable Integer value) {
            this.priority = value;
            return this;
        }

        /** See {@link Scheduler#flags()}. */
        public Builder flags(List<SchedulerFlag> value) {
            this.flags = value;
            return this;
        }

        /** See {@link Scheduler#runtime()}. */
        public Builder runtime(@Nullable Long value) {
            this.runtime = value;
            return this;
        }

        /** See {@link Scheduler#deadline()}. */
        public Builder deadline(@Nullable Long value) {
            this.deadline = value;
            return this;
        }

        /** See {@link Scheduler#period()}. */
        public Builder period(@Nullable Long value) {
            this.period = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Scheduler build() {
            return new Scheduler(policy, nice, priority, flags, runtime, deadline, period);
        }
    }
}
