package org.felucca.hcs.document;

import java.util.List;
import org.felucca.oci.json.JsonObject;

/**
 * Which compute systems an enumeration answers with; what is empty does not select.
 *
 * @param ids by id
 * @param owners by who made them
 * @param types by kind: Container, VirtualMachine
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#SystemQuery">SystemQuery</a>
 */
public record SystemQuery(List<String> ids, List<String> owners, List<String> types) {
    /** Copies what can be changed. */
    public SystemQuery {
        ids = List.copyOf(ids);
        owners = List.copyOf(owners);
        types = List.copyOf(types);
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .strings("Ids", ids)
                .strings("Owners", owners)
                .strings("Types", types)
                .build();
    }
}
