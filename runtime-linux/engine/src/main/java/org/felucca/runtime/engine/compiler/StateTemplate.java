package org.felucca.runtime.engine.compiler;

import java.util.Map;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.runtimespec.Spec;

/** The state document, as runc prints it, with holes for what is known later: bytes 1 pid, 2 status, 3 time of creation. */
final class StateTemplate {
    private static final char PID = 1;
    private static final char STATUS = 2;
    private static final char CREATED = 3;

    private StateTemplate() {}

    static String rootfs(Spec spec, String bundle) {
        String path = spec.root() == null ? "" : spec.root().path();
        return path.startsWith("/") || path.isEmpty() ? path : bundle + "/" + path;
    }

    static String of(Spec spec, String id, String bundle) {
        StringBuilder text = new StringBuilder("{\n");
        member(text, "ociVersion", quoted(spec.ociVersion()));
        member(text, "id", quoted(id));
        member(text, "pid", String.valueOf(PID));
        member(text, "status", "\"" + STATUS + "\"");
        member(text, "bundle", quoted(bundle));
        member(text, "rootfs", quoted(rootfs(spec, bundle)));
        member(text, "created", "\"" + CREATED + "\"");
        if (!spec.annotations().isEmpty()) {
            text.append("  \"annotations\": {\n");
            String separator = "";
            for (Map.Entry<String, String> entry : spec.annotations().entrySet()) {
                text.append(separator)
                        .append("    ")
                        .append(quoted(entry.getKey()))
                        .append(": ");
                text.append(quoted(entry.getValue()));
                separator = ",\n";
            }
            text.append("\n  },\n");
        }
        return text.append("  \"owner\": \"\"\n}").toString();
    }

    private static String quoted(String text) {
        return Json.text(new JsonString(text));
    }

    private static void member(StringBuilder text, String name, String value) {
        text.append("  \"").append(name).append("\": ").append(value).append(",\n");
    }
}
