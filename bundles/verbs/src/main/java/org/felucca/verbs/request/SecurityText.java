package org.felucca.verbs.request;

import java.io.IOException;
import java.io.InputStream;
import org.felucca.api.command.Invocation;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.Json;

/** {@code --security-opt} as docker writes it; a seccomp profile's file is read here. Stateless. */
final class SecurityText {
    private static final int LARGEST_PROFILE = 4 << 20;

    private SecurityText() {}

    /** Returns the option in the form that a container request has. */
    static String parse(String text, Invocation invocation) {
        int split = separator(text);
        String name = split < 0 ? text : text.substring(0, split);
        String value = split < 0 ? "" : text.substring(split + 1);
        return switch (name) {
            case "no-new-privileges" -> noNewPrivileges(text, value);
            case "seccomp" -> "seccomp=" + seccomp(text, value, invocation);
            case "apparmor", "label" -> {
                if (value.isEmpty()) {
                    throw error(text, "the value is missing");
                }
                yield name + "=" + value;
            }
            default -> throw error(text, "'" + name + "' is unknown");
        };
    }

    /** Docker takes {@code =}, and {@code :} from of old. */
    private static int separator(String text) {
        int equals = text.indexOf('=');
        int colon = text.indexOf(':');
        return equals < 0 ? colon : colon < 0 ? equals : Math.min(equals, colon);
    }

    private static String noNewPrivileges(String text, String value) {
        return switch (value) {
            case "", "true" -> "no-new-privileges";
            case "false" -> "no-new-privileges=false";
            default -> throw error(text, "'" + value + "' is neither true nor false");
        };
    }

    private static String seccomp(String text, String value, Invocation invocation) {
        if (value.equals("unconfined") || value.equals("builtin")) {
            return value;
        }
        if (value.isEmpty()) {
            throw error(text, "the profile is missing");
        }
        try (InputStream in = invocation.file(value)) {
            byte[] profile = in.readNBytes(LARGEST_PROFILE + 1);
            if (profile.length > LARGEST_PROFILE) {
                throw error(text, "the profile has more than 4 MiB");
            }
            return Json.text(Json.parse("seccomp profile " + value, profile));
        } catch (OciFormatException e) {
            throw Invalid.refused(e);
        } catch (IOException e) {
            throw Invalid.unreadable(value, e);
        }
    }

    private static FeluccaException error(String text, String reason) {
        return Invalid.option(
                "security-opt",
                text,
                reason,
                "use no-new-privileges, seccomp=unconfined, seccomp=FILE, apparmor=PROFILE or label=...");
    }
}
