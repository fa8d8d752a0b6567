package org.felucca.oci.runtimespec;

import org.felucca.oci.json.JsonCursor;

/** Where a container is in its life. */
public enum ContainerStatus {
    /** Being created. */
    CREATING("creating"),
    /** Created; the process has not executed the program yet. */
    CREATED("created"),
    /** The program has been executed and has not ended. */
    RUNNING("running"),
    /** The process has ended. */
    STOPPED("stopped");

    private final String id;

    ContainerStatus(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static ContainerStatus read(JsonCursor at) {
        return at.oneOf(values(), ContainerStatus::id);
    }
}
