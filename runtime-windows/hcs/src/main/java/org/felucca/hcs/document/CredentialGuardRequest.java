package org.felucca.hcs.document;

import java.util.List;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;

/**
 * Requests to the service, not to a compute system, about credentials of containers. An instance is added before its
 * container is created, listed to learn its state, which goes into the container's document, and removed after the
 * container is gone: the service does not remove it by itself.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ModificationRequest">
 *     ModificationRequest</a>
 */
public final class CredentialGuardRequest {
    private static final String PROPERTY = "ContainerCredentialGuard";

    private CredentialGuardRequest() {}

    /** Adds an instance for a container with process isolation, to HcsModifyServiceSettings. */
    public static JsonObject add(String containerId, String credentialSpec) {
        return modification(
                "AddInstance",
                JsonObject.builder()
                        .put("Id", containerId)
                        .put("CredentialSpec", credentialSpec)
                        .put("Transport", "LRPC")
                        .build());
    }

    /** Removes the instance of a container, to HcsModifyServiceSettings. */
    public static JsonObject remove(String containerId) {
        return modification(
                "RemoveInstance", JsonObject.builder().put("Id", containerId).build());
    }

    /** Lists all instances, to HcsGetServiceProperties. */
    public static JsonObject query() {
        return JsonObject.builder()
                .put("PropertyTypes", JsonArray.ofStrings(List.of(PROPERTY)))
                .build();
    }

    private static JsonObject modification(String operation, JsonObject details) {
        return JsonObject.builder()
                .put("PropertyType", PROPERTY)
                .put(
                        "Settings",
                        JsonObject.builder()
                                .put("Operation", operation)
                                .put("OperationDetails", details)
                                .build())
                .build();
    }
}
