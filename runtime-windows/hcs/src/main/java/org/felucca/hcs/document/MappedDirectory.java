package org.felucca.hcs.document;

import org.felucca.oci.json.JsonObject;

/**
 * A host directory or file, seen in the container.
 *
 * @param hostPath absolute path in the host
 * @param containerPath absolute path in the container
 * @param readOnly whether the container can only read it
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#MappedDirectory">MappedDirectory</a>
 */
public record MappedDirectory(String hostPath, String containerPath, boolean readOnly) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("HostPath", hostPath)
                .put("ContainerPath", containerPath)
                .flag("ReadOnly", readOnly)
                .build();
    }
}
