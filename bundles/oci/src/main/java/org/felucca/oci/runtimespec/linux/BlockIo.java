package org.felucca.oci.runtimespec.linux;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Limits of the blkio or io controller.
 *
 * @param weight weight, 10 to 1000; null if not set
 * @param leafWeight weight against child cgroups (CFQ); null if not set
 * @param weightDevice weights by device
 * @param throttleReadBpsDevice bytes read per second
 * @param throttleWriteBpsDevice bytes written per second
 * @param throttleReadIopsDevice reads per second
 * @param throttleWriteIopsDevice writes per second
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#block-io">
 *     runtime-spec, blockIO</a>
 */
public record BlockIo(
        @Nullable Integer weight,
        @Nullable Integer leafWeight,
        List<WeightDevice> weightDevice,
        List<ThrottleDevice> throttleReadBpsDevice,
        List<ThrottleDevice> throttleWriteBpsDevice,
        List<ThrottleDevice> throttleReadIopsDevice,
        List<ThrottleDevice> throttleWriteIopsDevice) {
    /** Copies what can be changed. */
    public BlockIo {
        weightDevice = List.copyOf(weightDevice);
        throttleReadBpsDevice = List.copyOf(throttleReadBpsDevice);
        throttleWriteBpsDevice = List.copyOf(throttleWriteBpsDevice);
        throttleReadIopsDevice = List.copyOf(throttleReadIopsDevice);
        throttleWriteIopsDevice = List.copyOf(throttleWriteIopsDevice);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.weight = weight;
        builder.leafWeight = leafWeight;
        builder.weightDevice = weightDevice;
        builder.throttleReadBpsDevice = throttleReadBpsDevice;
        builder.throttleWriteBpsDevice = throttleWriteBpsDevice;
        builder.throttleReadIopsDevice = throttleReadIopsDevice;
        builder.throttleWriteIopsDevice = throttleWriteIopsDevice;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static BlockIo read(JsonCursor at) {
        ObjectReader object = at.object();
        BlockIo result = new BlockIo(
                object.optionalUint16("weight"),
                object.optionalUint16("leafWeight"),
                object.list("weightDevice", WeightDevice::read),
                object.list("throttleReadBpsDevice", ThrottleDevice::read),
                object.list("throttleWriteBpsDevice", ThrottleDevice::read),
                object.list("throttleReadIOPSDevice", ThrottleDevice::read),
                object.list("throttleWriteIOPSDevice", ThrottleDevice::read));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("weight", weight)
                .optional("leafWeight", leafWeight)
                .array("weightDevice", weightDevice, WeightDevice::toJson)
                .array("throttleReadBpsDevice", throttleReadBpsDevice, ThrottleDevice::toJson)
                .array("throttleWriteBpsDevice", throttleWriteBpsDevice, ThrottleDevice::toJson)
                .array("throttleReadIOPSDevice", throttleReadIopsDevice, ThrottleDevice::toJson)
                .array("throttleWriteIOPSDevice", throttleWriteIopsDevice, ThrottleDevice::toJson)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private @Nullable Integer weight;
        private @Nullable Integer leafWeight;
        private List<WeightDevice> weightDevice = List.of();
        private List<ThrottleDevice> throttleReadBpsDevice = List.of();
        private List<ThrottleDevice> throttleWriteBpsDevice = List.of();
        private List<ThrottleDevice> throttleReadIopsDevice = List.of();
        private List<ThrottleDevice> throttleWriteIopsDevice = List.of();

        private Builder() {}

        /** See {@link BlockIo#weight()}. */
        public Builder weight(@Nullable Integer value) {
            this.weight = value;
            return this;
        }

        /** See {@link BlockIo#leafWeight()}. */
        public Builder leafWeight(@Nullable Integer value) {
            this.leafWeight = value;
            return this;
        }

        /** See {@link BlockIo#weightDevice()}. */
        public Builder weightDevice(List<WeightDevice> value) {
            this.weightDevice = value;
            return this;
        }

        /** See {@link BlockIo#throttleReadBpsDevice()}. */
        public Builder throttleReadBpsDevice(List<ThrottleDevice> value) {
            this.throttleReadBpsDevice = value;
            return this;
        }

        /** See {@link BlockIo#throttleWriteBpsDevice()}. */
        public Builder throttleWriteBpsDevice(List<ThrottleDevice> value) {
            this.throttleWriteBpsDevice = value;
            return this;
        }

        /** See {@link BlockIo#throttleReadIopsDevice()}. */
        public Builder throttleReadIopsDevice(List<ThrottleDevice> value) {
            this.throttleReadIopsDevice = value;
            return this;
        }

        /** See {@link BlockIo#throttleWriteIopsDevice()}. */
        public Builder throttleWriteIopsDevice(List<ThrottleDevice> value) {
            this.throttleWriteIopsDevice = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public BlockIo build() {
            return new BlockIo(
                    weight,
                    leafWeight,
                    weightDevice,
                    throttleReadBpsDevice,
                    throttleWriteBpsDevice,
                    throttleReadIopsDevice,
                    throttleWriteIopsDevice);
        }
    }
}
