package org.felucca.oci.runtimespec.windows;

import java.util.List;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to containers on Windows.
 *
 * @param layerFolders host directories of the layers, topmost first, the writable one last
 * @param devices host devices
 * @param resources limits; null if not set
 * @param credentialSpec group Managed Service Account, as it came; null if not set
 * @param servicing whether an update is being applied
 * @param ignoreFlushesDuringBoot whether flushes during boot are ignored
 * @param hyperv Hyper-V isolation; null means process isolation; null if not set
 * @param network network; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md">runtime-spec, Windows</a>
 */
public record Windows(
        List<String> layerFolders,
        List<Device> devices,
        @Nullable WindowsResources resources,
        @Nullable JsonValue credentialSpec,
        boolean servicing,
        boolean ignoreFlushesDuringBoot,
        @Nullable HyperV hyperv,
        @Nullable WindowsNetwork network) {
    /**
     * @throws OciFormatException if there is no layer
     */
    public Windows {
        layerFolders = List.copyOf(layerFolders);
        devices = List.copyOf(devices);
        if (layerFolders.isEmpty()) {
            throw new OciFormatException("windows settings", null, "layerFolders is empty", "give at least one layer");
        }
    }

    /** A builder with the required parts. */
    public static Builder builder(List<String> layerFolders) {
        return new Builder(layerFolders);
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder(layerFolders);
        builder.devices = devices;
        builder.resources = resources;
        builder.credentialSpec = credentialSpec;
        builder.servicing = servicing;
        builder.ignoreFlushesDuringBoot = ignoreFlushesDuringBoot;
        builder.hyperv = hyperv;
        builder.network = network;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Windows read(JsonCursor at) {
        ObjectReader object = at.object();
        Windows result = at.as(cursor -> new Windows(
                object.require("layerFolders").list(JsonCursor::string),
                object.list("devices", Device::read),
                object.optional("resources", WindowsResources::read),
                object.optional("credentialSpec", JsonCursor::value),
                object.flag("servicing"),
                object.flag("ignoreFlushesDuringBoot"),
                object.optional("hyperv", HyperV::read),
                object.optional("network", WindowsNetwork::read)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("layerFolders", JsonArray.ofStrings(layerFolders))
                .array("devices", devices, Device::toJson)
                .optional("resources", resources, WindowsResources::toJson)
                .optional("credentialSpec", credentialSpec)
                .flag("servicing", servicing)
                .flag("ignoreFlushesDuringBoot", ignoreFlushesDuringBoot)
                .optional("hyperv", hyperv, HyperV::toJson)
                .optional("network", network, WindowsNetwork::toJson)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private List<String> layerFolders;
        private List<Device> devices = List.of();
        private @Nullable WindowsResources resources;
        private @Nullable JsonValue credentialSpec;
        private boolean servicing;
        private boolean ignoreFlushesDuringBoot;
        private @Nullable HyperV hyperv;
        private @Nullable WindowsNetwork network;

        private Builder(List<String> layerFolders) {
            this.layerFolders = layerFolders;
        }

        /** See {@link Windows#layerFolders()}. */
        public Builder layerFolders(List<String> value) {
            this.layerFolders = value;
            return this;
        }

        /** See {@link Windows#devices()}. */
        public Builder devices(List<Device> value) {
            this.devices = value;
            return this;
        }

        /** See {@link Windows#resources()}. */
        public Builder resources(@Nullable WindowsResources value) {
            this.resources = value;
            return this;
        }

        /** See {@link Windows#credentialSpec()}. */
        public Builder credentialSpec(@Nullable JsonValue value) {
            this.credentialSpec = value;
            return this;
        }

        /** See {@link Windows#servicing()}. */
        public Builder servicing(boolean value) {
            this.servicing = value;
            return this;
        }

        /** See {@link Windows#ignoreFlushesDuringBoot()}. */
        public Builder ignoreFlushesDuringBoot(boolean value) {
            this.ignoreFlushesDuringBoot = value;
            return this;
        }

        /** See {@link Windows#hyperv()}. */
        public Builder hyperv(@Nullable HyperV value) {
            this.hyperv = value;
            return this;
        }

        /** See {@link Windows#network()}. */
        public Builder network(@Nullable WindowsNetwork value) {
            this.network = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Windows build() {
            return new Windows(
                    layerFolders,
                    devices,
                    resources,
                    credentialSpec,
                    servicing,
                    ignoreFlushesDuringBoot,
                    hyperv,
                    network);
        }
    }
}
