package org.felucca.hcs.document.notice;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;

/** The answer to {@link org.felucca.hcs.document.CredentialGuardRequest#query}. */
public final class CredentialGuardInstances {
    private CredentialGuardInstances() {}

    /**
     * Reads the service's properties.
     *
     * @return the instances, one per container
     * @throws org.felucca.oci.OciFormatException if it is not the answer to that query, with one property
     */
    public static List<CredentialGuardInstance> read(JsonCursor at) {
        ObjectReader object = at.object();
        JsonCursor properties = object.require("Properties");
        List<List<CredentialGuardInstance>> answers =
                properties.list(property -> property.object().list("Instances", CredentialGuardInstance::read));
        if (answers.size() != 1) {
            throw properties.error("it holds the answers to " + answers.size() + " properties", "one was asked for");
        }
        return answers.get(0);
    }
}
