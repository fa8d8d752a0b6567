package org.felucca.hcs.compile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.felucca.hcs.document.Guids;
import org.felucca.hcs.document.device.DeviceExtension;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.windows.StorageLimit;
import org.felucca.oci.runtimespec.windows.Windows;
import org.felucca.oci.runtimespec.windows.WindowsNetwork;
import org.felucca.oci.runtimespec.windows.WindowsResources;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration wants to be there before its container is created. What was made of it goes into {@link
 * ContainerFacts}.
 *
 * @param scratchBytes smallest size of the scratch, 64 bits unsigned; empty for the default
 * @param credentialSpec what the credential guard gets; null for none
 * @param endpoints network endpoints to be put into a namespace of the container's own, in order; empty for none
 * @param extensionFiles host files with extensions of devices, in order, to be read by {@link #extension}
 */
public record Preparation(
        OptionalLong scratchBytes, @Nullable String credentialSpec, List<UUID> endpoints, List<String> extensionFiles) {
    /** Annotation with the paths of files that hold extensions of devices, separated by commas. */
    public static final String DEVICE_EXTENSIONS = "io.microsoft.container.wcow.deviceextensions";

    /** Copies. */
    public Preparation {
        endpoints = List.copyOf(endpoints);
        extensionFiles = List.copyOf(extensionFiles);
    }

    /**
     * Reads what a configuration wants.
     *
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT for a document that cannot be; it names the
     *     property by its JSON pointer
     */
    public static Preparation of(Spec spec) {
        Windows windows = SpecCheck.windows(spec);
        return new Preparation(
                scratchBytes(windows.resources()),
                credentialSpec(windows.credentialSpec()),
                endpoints(windows.network()),
                extensionFiles(spec.annotations().getOrDefault(DEVICE_EXTENSIONS, "")));
    }

    /**
     * Reads a file of {@link #extensionFiles}.
     *
     * @param file its path, for messages
     * @param bytes its contents
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT if it is not such a file; UNSUPPORTED if it
     *     extends anything but devices and objects
     */
    public static DeviceExtension extension(String file, byte[] bytes) {
        String pointer = "/annotations/" + DEVICE_EXTENSIONS;
        JsonCursor cursor;
        DeviceExtension extension;
        try {
            cursor = JsonCursor.of("device extension " + file, bytes);
            extension = DeviceExtension.read(cursor);
        } catch (OciFormatException e) {
            throw SpecProblem.invalid(pointer, e.getMessage(), "give a device extension of schema 2.3");
        }
        if (!cursor.unknown().isEmpty()) {
            throw SpecProblem.unsupported(
                    pointer,
                    file + " has " + String.join(", ", cursor.unknown()),
                    "an extension adds objects and devices only");
        }
        return extension;
    }

    private static OptionalLong scratchBytes(@Nullable WindowsResources resources) {
        StorageLimit storage = resources == null ? null : resources.storage();
        Long size = storage == null ? null : storage.sandboxSize();
        return size == null || size == 0 ? OptionalLong.empty() : OptionalLong.of(size);
    }

    private static @Nullable String credentialSpec(@Nullable JsonValue value) {
        if (value == null) {
            return null;
        }
        String text = value instanceof JsonString string
                ? string.value()
                : new String(Json.bytes(value), StandardCharsets.UTF_8);
        if (text.isBlank()) {
            throw SpecProblem.invalid(
                    "/windows/credentialSpec", text, "is no credential specification", "give its JSON");
        }
        return text;
    }

    private static List<UUID> endpoints(@Nullable WindowsNetwork network) {
        List<UUID> endpoints = new ArrayList<>();
        if (network != null) {
            for (int i = 0; i < network.endpointList().size(); i++) {
                endpoints.add(guid(
                        "/windows/network/endpointList/" + i,
                        network.endpointList().get(i)));
            }
        }
        return endpoints;
    }

    static UUID guid(String pointer, String text) {
        if (!Guids.matches(text)) {
            throw SpecProblem.invalid(pointer, text, "is no GUID", "write it as 7a010682-17e0-4455-a838-02e5d9655fe6");
        }
        return UUID.fromString(text);
    }

    private static List<String> extensionFiles(String annotation) {
        List<String> files = new ArrayList<>();
        for (String file : annotation.split(",", -1)) {
            if (!file.isBlank()) {
                files.add(WindowsPath.hostFile("/annotations/" + DEVICE_EXTENSIONS, file.strip()));
            }
        }
        return files;
    }
}
