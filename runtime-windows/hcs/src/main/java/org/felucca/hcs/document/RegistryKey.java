package org.felucca.hcs.document;

import org.felucca.oci.json.JsonObject;

/**
 * A key of the registry of a container.
 *
 * @param hive the hive
 * @param name path in the hive
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#RegistryKey">RegistryKey</a>
 */
public record RegistryKey(RegistryHive hive, String name) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().put("Hive", hive.id()).put("Name", name).build();
    }
}
