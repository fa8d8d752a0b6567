package org.felucca.hcs.document;

import org.felucca.oci.json.JsonObject;

/**
 * A named pipe of the host, seen in the container.
 *
 * @param containerPipeName name in the container, without the prefix of pipes
 * @param hostPath path in the host, with the prefix of pipes
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#MappedPipe">MappedPipe</a>
 */
public record MappedPipe(String containerPipeName, String hostPath) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("ContainerPipeName", containerPipeName)
                .put("HostPath", hostPath)
                .build();
    }
}
