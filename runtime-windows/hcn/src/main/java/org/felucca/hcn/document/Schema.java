package org.felucca.hcn.document;

import org.felucca.oci.json.JsonObject;

/** The version of the schema that documents carry: that of Windows Server 2019, which has all they use. */
final class Schema {
    static final JsonObject VERSION =
            JsonObject.builder().put("Major", 2).put("Minor", 0).build();

    private Schema() {}
}
