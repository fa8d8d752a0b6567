package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Limits of the memory controller; -1 means unlimited.
 *
 * @param limit bytes; null if not set
 * @param reservation soft limit in bytes; null if not set
 * @param swap bytes of memory and swap together; null if not set
 * @param kernel bytes of kernel memory; obsolete; null if not set
 * @param kernelTcp bytes of kernel TCP buffers; null if not set
 * @param swappiness 0 to 100; 64 bits, unsigned; null if not set
 * @param disableOomKiller whether tasks wait instead of being killed (v1); null if not set
 * @param useHierarchy whether children are accounted (v1); null if not set
 * @param checkBeforeUpdate whether a limit below the usage is refused on update; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#memory">
 *     runtime-spec, memory</a>
 */
public record Memory(
        @Nullable Long limit,
        @Nullable Long reservation,
        @Nullable Long swap,
        @Nullable Long kernel,
        @Nullable Long kernelTcp,
        @Nullable Long swappiness,
        @Nullable Boolean disableOomKiller,
        @Nullable Boolean useHierarchy,
        @Nullable Boolean checkBeforeUpdate) {
    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.limit = limit;
        builder.reservation = reservation;
        builder.swap = swap;
        builder.kernel = kernel;
        builder.kernelTcp = kernelTcp;
        builder.swappiness = swappiness;
        builder.disableOomKiller = disableOomKiller;
        builder.useHierarchy = useHierarchy;
        builder.checkBeforeUpdate = checkBeforeUpdate;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Memory read(JsonCursor at) {
        ObjectReader object = at.object();
        Memory result = new Memory(
                object.optionalInt64("limit"),
                object.optionalInt64("reservation"),
                object.optionalInt64("swap"),
                object.optionalInt64("kernel"),
                object.optionalInt64("kernelTCP"),
                object.optionalUint64("swappiness"),
                object.optionalBool("disableOOMKiller"),
                object.optionalBool("useHierarchy"),
                object.optionalBool("checkBeforeUpdate"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("limit", limit)
                .optional("reservation", reservation)
                .optional("swap", swap)
                .optional("kernel", kernel)
                .optional("kernelTCP", kernelTcp)
                .optionalUnsigned("swappiness", swappiness)
                .optional("disableOOMKiller", disableOomKiller)
                .optional("useHierarchy", useHierarchy)
                .optional("checkBeforeUpdate", checkBeforeUpdate)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private @Nullable Long limit;
        private @Nullable Long reservation;
        private @Nullable Long swap;
        private @Nullable Long kernel;
        private @Nullable Long kernelTcp;
        private @Nullable Long swappiness;
        private @Nullable Boolean disableOomKiller;
        private @Nullable Boolean useHierarchy;
        private @Nullable Boolean checkBeforeUpdate;

        private Builder() {}

        /** See {@link Memory#limit()}. */
        public Builder limit(@Nullable Long value) {
            this.limit = value;
            return this;
        }

        /** See {@link Memory#reservation()}. */
        public Builder reservation(@Nullable Long value) {
            this.reservation = value;
            return this;
        }

        /** See {@link Memory#swap()}. */
        public Builder swap(@Nullable Long value) {
            this.swap = value;
            return this;
        }

        /** See {@link Memory#kernel()}. */
        public Builder kernel(@Nullable Long value) {
            this.kernel = value;
            return this;
        }

        /** See {@link Memory#kernelTcp()}. */
        public Builder kernelTcp(@Nullable Long value) {
            this.kernelTcp = value;
            return this;
        }

        /** See {@link Memory#swappiness()}. */
        public Builder swappiness(@Nullable Long value) {
            this.swappiness = value;
            return this;
        }

        /** See {@link Memory#disableOomKiller()}. */
        public Builder disableOomKiller(@Nullable Boolean value) {
            this.disableOomKiller = value;
            return this;
        }

        /** See {@link Memory#useHierarchy()}. */
        public Builder useHierarchy(@Nullable Boolean value) {
            this.useHierarchy = value;
            return this;
        }

        /** See {@link Memory#checkBeforeUpdate()}. */
        public Builder checkBeforeUpdate(@Nullable Boolean value) {
            this.checkBeforeUpdate = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Memory build() {
            return new Memory(
                    limit,
                    reservation,
                    swap,
                    kernel,
                    kernelTcp,
                    swappiness,
                    disableOomKiller,
                    useHierarchy,
                    checkBeforeUpdate);
        }
    }
}
