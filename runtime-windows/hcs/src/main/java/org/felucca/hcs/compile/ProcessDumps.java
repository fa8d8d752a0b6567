package org.felucca.hcs.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.felucca.hcs.document.RegistryHive;
import org.felucca.hcs.document.RegistryKey;
import org.felucca.hcs.document.RegistryValue;
import org.jspecify.annotations.Nullable;

/**
 * Annotations that have Windows Error Reporting write a dump of each process that crashes.
 *
 * @see <a href="https://learn.microsoft.com/en-us/windows/win32/wer/collecting-user-mode-dumps">user-mode dumps</a>
 */
final class ProcessDumps {
    static final String LOCATION = "io.microsoft.container.processdumplocation";
    static final String TYPE = "io.microsoft.wcow.processdumptype";
    static final String COUNT = "io.microsoft.wcow.processdumpcount";

    private static final String ID = "{container_id}";
    private static final long MINI = 1;
    private static final long FULL = 2;
    private static final long DEFAULT_COUNT = 10;
    private static final RegistryKey KEY =
            new RegistryKey(RegistryHive.SOFTWARE, "Microsoft\\Windows\\Windows Error Reporting\\LocalDumps");

    private ProcessDumps() {}

    static List<RegistryValue> values(Map<String, String> annotations, String containerId) {
        String location = annotations.get(LOCATION);
        if (location == null || location.isEmpty()) {
            for (String name : List.of(TYPE, COUNT)) {
                if (annotations.containsKey(name)) {
                    throw SpecProblem.invalid(
                            "/annotations/" + name, "there is no " + LOCATION, "say where the dumps go, or remove it");
                }
            }
            return List.of();
        }
        List<RegistryValue> values = new ArrayList<>();
        values.add(RegistryValue.of(KEY, "DumpFolder", folder(location, containerId)));
        values.add(RegistryValue.of(KEY, "DumpType", type(annotations.getOrDefault(TYPE, "full"))));
        values.add(RegistryValue.of(KEY, "DumpCount", count(annotations.get(COUNT))));
        return values;
    }

    private static String folder(String location, String containerId) {
        String own = location.toLowerCase(Locale.ROOT).endsWith(ID)
                ? location.substring(0, location.length() - ID.length()) + containerId
                : location;
        return WindowsPath.absolute("/annotations/" + LOCATION, own);
    }

    private static long type(String type) {
        return switch (type) {
            case "mini" -> MINI;
            case "full" -> FULL;
            default -> throw SpecProblem.invalid("/annotations/" + TYPE, type, "is no kind", "use mini or full");
        };
    }

    private static long count(@Nullable String text) {
        if (text == null) {
            return DEFAULT_COUNT;
        }
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw SpecProblem.invalid("/annotations/" + COUNT, text, "is no number of files", "use 1 to 999999999");
        }
        return Long.parseLong(text);
    }
}
