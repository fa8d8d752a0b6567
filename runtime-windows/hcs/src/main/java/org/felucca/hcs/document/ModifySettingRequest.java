package org.felucca.hcs.document;

import org.felucca.oci.json.JsonNumber;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;

/**
 * A change of a running container. Its network changes through its namespace, which is a document of the host compute
 * network service and not one of these.
 *
 * @param resourcePath what is changed
 * @param requestType how: Add, Remove, Update
 * @param settings the new value
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ModifySettingRequest">
 *     ModifySettingRequest</a>
 */
public record ModifySettingRequest(String resourcePath, String requestType, JsonValue settings) {
    private static final String DIRECTORIES = "Container/MappedDirectories";
    private static final String PIPES = "Container/MappedPipes";

    /** Limits memory, in units of 1,048,576 bytes; 64 bits, unsigned. */
    public static ModifySettingRequest memory(long sizeInMb) {
        return new ModifySettingRequest("Container/Memory/SizeInMB", "Update", JsonNumber.ofUnsigned(sizeInMb));
    }

    /** Limits processor time. */
    public static ModifySettingRequest processor(ContainerProcessor limits) {
        return new ModifySettingRequest("Container/Processor", "Update", limits.toJson());
    }

    /** Shows a directory of the host. */
    public static ModifySettingRequest add(MappedDirectory directory) {
        return new ModifySettingRequest(DIRECTORIES, "Add", directory.toJson());
    }

    /** Hides a directory of the host again. */
    public static ModifySettingRequest remove(MappedDirectory directory) {
        return new ModifySettingRequest(DIRECTORIES, "Remove", directory.toJson());
    }

    /** Shows a named pipe of the host. */
    public static ModifySettingRequest add(MappedPipe pipe) {
        return new ModifySettingRequest(PIPES, "Add", pipe.toJson());
    }

    /** Hides a named pipe of the host again. */
    public static ModifySettingRequest remove(MappedPipe pipe) {
        return new ModifySettingRequest(PIPES, "Remove", pipe.toJson());
    }

    /** As the schema writes it. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("ResourcePath", resourcePath)
                .put("RequestType", requestType)
                .put("Settings", settings)
                .build();
    }
}
