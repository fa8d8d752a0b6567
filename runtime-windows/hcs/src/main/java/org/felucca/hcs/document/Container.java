package org.felucca.hcs.document;

import java.util.List;
import java.util.Objects;
import org.felucca.hcs.document.device.DeviceExtension;
import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A container with process isolation. Immutable; made by a builder.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Container">Container</a>
 */
public final class Container {
    private final Storage storage;
    private final @Nullable String hostName;
    private final List<MappedDirectory> mappedDirectories;
    private final List<MappedPipe> mappedPipes;
    private final @Nullable Long memoryInMb;
    private final @Nullable ContainerProcessor processor;
    private final @Nullable Networking networking;
    private final @Nullable CredentialGuardState credentialGuard;
    private final List<RegistryValue> registryValues;
    private final List<AssignedDevice> assignedDevices;
    private final List<DeviceExtension> deviceExtensions;

    private Container(Builder builder) {
        this.storage = builder.storage;
        this.hostName = builder.hostName;
        this.mappedDirectories = List.copyOf(builder.mappedDirectories);
        this.mappedPipes = List.copyOf(builder.mappedPipes);
        this.memoryInMb = builder.memoryInMb;
        this.processor = builder.processor;
        this.networking = builder.networking;
        this.credentialGuard = builder.credentialGuard;
        this.registryValues = List.copyOf(builder.registryValues);
        this.assignedDevices = List.copyOf(builder.assignedDevices);
        this.deviceExtensions = List.copyOf(builder.deviceExtensions);
    }

    /** Starts a container with this root file system. */
    public static Builder of(Storage storage) {
        return new Builder(storage);
    }

    /** Returns its root file system. */
    public Storage storage() {
        return storage;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("GuestOs", hostName, name -> one("HostName", name))
                .put("Storage", storage.toJson())
                .array("MappedDirectories", mappedDirectories, MappedDirectory::toJson)
                .array("MappedPipes", mappedPipes, MappedPipe::toJson)
                .optional(
                        "Memory",
                        memoryInMb,
                        size -> JsonObject.builder()
                                .putUnsigned("SizeInMB", size)
                                .build())
                .optional("Processor", processor, ContainerProcessor::toJson)
                .optional("Networking", networking, Networking::toJson)
                .optional("ContainerCredentialGuard", credentialGuard, CredentialGuardState::toJson)
                .optional(
                        "RegistryChanges",
                        registryValues.isEmpty() ? null : registryValues,
                        values -> JsonObject.builder()
                                .array("AddValues", values, RegistryValue::toJson)
                                .build())
                .array("AssignedDevices", assignedDevices, AssignedDevice::toJson)
                .optional(
                        "AdditionalDeviceNamespace",
                        deviceExtensions.isEmpty() ? null : deviceExtensions,
                        extensions -> JsonObject.builder()
                                .array("device_extension", extensions, DeviceExtension::toJson)
                                .build())
                .build();
    }

    private static JsonObject one(String name, String value) {
        return JsonObject.builder().put(name, value).build();
    }

    /** Collects a container. Confined to one thread. */
    public static final class Builder {
        private final Storage storage;
        private @Nullable String hostName;
        private List<MappedDirectory> mappedDirectories = List.of();
        private List<MappedPipe> mappedPipes = List.of();
        private @Nullable Long memoryInMb;
        private @Nullable ContainerProcessor processor;
        private @Nullable Networking networking;
        private @Nullable CredentialGuardState credentialGuard;
        private List<RegistryValue> registryValues = List.of();
        private List<AssignedDevice> assignedDevices = List.of();
        private List<DeviceExtension> deviceExtensions = List.of();

        private Builder(Storage storage) {
            this.storage = Objects.requireNonNull(storage, "storage");
        }

        /** Sets the name of the host as the container sees it. */
        public Builder hostName(@Nullable String value) {
            this.hostName = value;
            return this;
        }

        /** Sets directories and files of the host that it sees. */
        public Builder mappedDirectories(List<MappedDirectory> value) {
            this.mappedDirectories = value;
            return this;
        }

        /** Sets named pipes of the host that it sees. */
        public Builder mappedPipes(List<MappedPipe> value) {
            this.mappedPipes = value;
            return this;
        }

        /** Sets the most memory it may commit, in units of 1,048,576 bytes; 64 bits, unsigned. */
        public Builder memoryInMb(@Nullable Long value) {
            this.memoryInMb = value;
            return this;
        }

        /** Sets limits of processor time. */
        public Builder processor(@Nullable ContainerProcessor value) {
            this.processor = value;
            return this;
        }

        /** Sets its network. */
        public Builder networking(@Nullable Networking value) {
            this.networking = value;
            return this;
        }

        /** Sets the credentials it can use. */
        public Builder credentialGuard(@Nullable CredentialGuardState value) {
            this.credentialGuard = value;
            return this;
        }

        /** Sets values that are put into its registry. */
        public Builder registryValues(List<RegistryValue> value) {
            this.registryValues = value;
            return this;
        }

        /** Sets devices it gets. */
        public Builder assignedDevices(List<AssignedDevice> value) {
            this.assignedDevices = value;
            return this;
        }

        /** Sets what else its devices need. */
        public Builder deviceExtensions(List<DeviceExtension> value) {
            this.deviceExtensions = value;
            return this;
        }

        /** Makes the container. */
        public Container build() {
            return new Container(this);
        }
    }
}
