package org.felucca.runtime.plan.compile;

import java.util.Map;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.runtimespec.Spec;
import org.jspecify.annotations.Nullable;

/**
 * The state of a container as JSON with holes for pid and status, which are filled where it is sent. Written by hand,
 * because the holes are no JSON; every other control character comes out escaped.
 */
final class StateDocument {
    /** Stands for the pid. */
    private static final char PID_HOLE = 1;

    /** Stands for the status. */
    private static final char STATUS_HOLE = 2;

    private StateDocument() {}

    /** What hooks read. */
    static String container(Spec spec, ContainerFacts facts) {
        StringBuilder text = new StringBuilder("{\"ociVersion\":")
                .append(Json.text(new JsonString(spec.ociVersion())))
                .append(",\"id\":")
                .append(Json.text(new JsonString(facts.id())))
                .append(",\"status\":\"")
                .append(STATUS_HOLE)
                .append("\",\"pid\":")
                .append(PID_HOLE)
                .append(",\"bundle\":")
                .append(Json.text(new JsonString(facts.bundle())));
        if (!spec.annotations().isEmpty()) {
            JsonObject.Builder annotations = JsonObject.builder();
            for (Map.Entry<String, String> entry : spec.annotations().entrySet()) {
                annotations.put(entry.getKey(), entry.getValue());
            }
            text.append(",\"annotations\":").append(Json.text(annotations.build()));
        }
        return text.append('}').toString();
    }

    /** What a seccomp agent reads beside the listener: the specification's ContainerProcessState. */
    static String process(Spec spec, ContainerFacts facts, @Nullable String metadata) {
        StringBuilder text = new StringBuilder("{\"ociVersion\":")
                .append(Json.text(new JsonString(spec.ociVersion())))
                .append(",\"fds\":[\"seccompFd\"],\"pid\":")
                .append(PID_HOLE);
        if (metadata != null) {
            text.append(",\"metadata\":").append(Json.text(new JsonString(metadata)));
        }
        return text.append(",\"state\":")
                .append(container(spec, facts))
                .append('}')
                .toString();
    }
}
