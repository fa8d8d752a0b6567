package org.felucca.hcs.document;

import org.felucca.oci.json.JsonObject;

/**
 * A compute system to be created: a container with process isolation. It outlives the handles to it, because
 * containers outlive the daemon.
 *
 * @param owner who made it; later enumerations select by it
 * @param schemaVersion lowest version of the schema that has what is used
 * @param container the container
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ComputeSystem">ComputeSystem</a>
 */
public record ComputeSystem(String owner, SchemaVersion schemaVersion, Container container) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("Owner", owner)
                .put("SchemaVersion", schemaVersion.toJson())
                .put("Container", container.toJson())
                .build();
    }
}
