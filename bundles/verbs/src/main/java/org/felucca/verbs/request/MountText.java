package org.felucca.verbs.request;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.container.ContainerMount;

/** {@code -v}, {@code --mount} and {@code --tmpfs} as docker writes them. Stateless. */
final class MountText {
    private static final Set<String> PROPAGATIONS =
            Set.of("shared", "rshared", "slave", "rslave", "private", "rprivate");

    private MountText() {}

    /**
     * Reads {@code SOURCE:TARGET[:OPTIONS]}. A source that starts with a dot is relative to the caller's directory.
     */
    static ContainerMount volume(String text, Path workingDirectory) {
        String[] parts = text.split(":", -1);
        if (parts.length < 2 || parts.length > 3 || parts[0].isEmpty()) {
            throw volumeError(text, "it is not SOURCE:TARGET[:OPTIONS]");
        }
        String source = parts[0];
        if (source.startsWith(".")) {
            source = workingDirectory.resolve(source).normalize().toString();
        }
        if (!source.startsWith("/")) {
            throw volumeError(text, "'" + source + "' is a named volume, and no volume provider is there");
        }
        requireTarget("volume", text, parts[1]);
        boolean readOnly = false;
        List<String> options = new ArrayList<>();
        for (String option : parts.length == 3 ? parts[2].split(",", -1) : new String[0]) {
            if (option.equals("ro") || option.equals("readonly")) {
                readOnly = true;
            } else if (PROPAGATIONS.contains(option)) {
                options.add(option);
            } else if (!option.equals("rw")) {
                throw volumeError(text, "'" + option + "' is no mount option known here");
            }
        }
        return new ContainerMount.Bind(source, parts[1], readOnly, true, options);
    }

    private static RuntimeException volumeError(String text, String reason) {
        return Invalid.option("volume", text, reason, "write /host/path:/container/path[:ro|rw,rslave,...]");
    }

    /** Reads {@code PATH[:OPTIONS]}. */
    static ContainerMount tmpfs(String text) {
        int colon = text.indexOf(':');
        String target = colon < 0 ? text : text.substring(0, colon);
        requireTarget("tmpfs", text, target);
        String options = colon < 0 ? "" : text.substring(colon + 1);
        return new ContainerMount.Tmpfs(target, options.isEmpty() ? List.of() : List.of(options.split(",")));
    }

    /** Reads {@code type=bind,source=...,target=...[,readonly][,bind-propagation=...]} or {@code type=tmpfs,...}. */
    static ContainerMount mount(String text, Path workingDirectory) {
        Map<String, String> fields = fields(text);
        String type = fields.getOrDefault("type", "volume");
        String target = fields.getOrDefault("target", "");
        requireTarget("mount", text, target);
        boolean readOnly = bool(text, "readonly", fields.getOrDefault("readonly", "false"));
        return switch (type) {
            case "bind" -> bind(text, fields, target, readOnly, workingDirectory);
            case "tmpfs" -> tmpfs(text, fields, target, readOnly);
            case "volume" -> throw mountError(text, "type=volume needs a volume provider, and none is there");
            default -> throw mountError(text, "type '" + type + "' is unknown");
        };
    }

    private static ContainerMount bind(
            String text, Map<String, String> fields, String target, boolean readOnly, Path workingDirectory) {
        refuseOthers(text, fields, Set.of("type", "source", "target", "readonly", "bind-propagation"));
        String source = fields.getOrDefault("source", "");
        if (source.startsWith(".")) {
            source = workingDirectory.resolve(source).normalize().toString();
        }
        if (!source.startsWith("/")) {
            throw mountError(text, "the source is not an absolute path");
        }
        String propagation = fields.getOrDefault("bind-propagation", "");
        if (!propagation.isEmpty() && !PROPAGATIONS.contains(propagation)) {
            throw mountError(text, "bind-propagation '" + propagation + "' is unknown");
        }
        return new ContainerMount.Bind(
                source, target, readOnly, false, propagation.isEmpty() ? List.of() : List.of(propagation));
    }

    private static ContainerMount tmpfs(String text, Map<String, String> fields, String target, boolean readOnly) {
        refuseOthers(text, fields, Set.of("type", "target", "readonly", "tmpfs-size", "tmpfs-mode"));
        List<String> options = new ArrayList<>();
        if (readOnly) {
            options.add("ro");
        }
        if (fields.containsKey("tmpfs-size")) {
            options.add("size=" + fields.get("tmpfs-size"));
        }
        if (fields.containsKey("tmpfs-mode")) {
            String mode = fields.get("tmpfs-mode");
            if (!mode.matches("[0-7]{1,5}")) {
                throw mountError(text, "tmpfs-mode '" + mode + "' is no octal number");
            }
            options.add("mode=" + mode);
        }
        return new ContainerMount.Tmpfs(target, options);
    }

    private static void refuseOthers(String text, Map<String, String> fields, Set<String> known) {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                throw mountError(text, "'" + name + "' does not go with type=" + fields.get("type"));
            }
        }
    }

    /** The fields by their first names; a field without a value is a switch that is on. */
    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : separate(text)) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).strip();
            String value = equals < 0 ? "true" : field.substring(equals + 1);
            String name = switch (key) {
                case "src" -> "source";
                case "dst", "destination" -> "target";
                case "ro" -> "readonly";
                default -> key;
            };
            if (equals < 0 && !name.equals("readonly")) {
                throw mountError(text, "'" + field + "' is not key=value");
            }
            if (fields.put(name, value) != null) {
                throw mountError(text, "'" + name + "' is there twice");
            }
        }
        return fields;
    }

    /** Splits at commas, but not within double quotes, as CSV. */
    private static List<String> separate(String text) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                boolean escaped = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
                if (escaped) {
                    field.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw mountError(text, "a quote is not closed");
        }
        fields.add(field.toString());
        return fields;
    }

    private static boolean bool(String text, String name, String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw mountError(text, name + " is neither true nor false");
        };
    }

    private static void requireTarget(String option, String text, String target) {
        if (!target.startsWith("/")) {
            throw Invalid.option(
                    option,
                    text,
                    target.isEmpty() ? "the target is missing" : "the target '" + target + "' is not absolute",
                    "give an absolute path of the container");
        }
        if (Path.of(target).normalize().equals(Path.of("/"))) {
            throw Invalid.option(option, text, "the target is the root", "give a path below /");
        }
    }

    private static RuntimeException mountError(String text, String reason) {
        return Invalid.option(
                "mount",
                text,
                reason,
                "write type=bind,source=/host,target=/container[,readonly] or type=tmpfs,target=/t");
    }
}
