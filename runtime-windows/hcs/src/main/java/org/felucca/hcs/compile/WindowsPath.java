package org.felucca.hcs.compile;

import java.util.Locale;
import java.util.regex.Pattern;
import org.felucca.api.error.FeluccaException;

/**
 * Paths of Windows as texts, on any host. Slashes count as backslashes, as in Windows itself; what comes out has
 * backslashes only, none doubled and none at the end but that of a drive or volume.
 */
final class WindowsPath {
    static final String PIPE_PREFIX = "\\\\.\\pipe\\";

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:\\\\.*");
    private static final Pattern VOLUME_PATH = Pattern.compile(
            "\\\\\\\\\\?\\\\Volume\\{[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\\}\\\\.*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern VOLUME = Pattern.compile(
            "\\\\\\\\\\?\\\\Volume\\{[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\\}\\\\?",
            Pattern.CASE_INSENSITIVE);
    private static final int DRIVE_LENGTH = 3;

    private WindowsPath() {}

    /** The root of a container: a volume by its GUID, which comes out with a backslash at the end. */
    static String volume(String pointer, String text) {
        if (!VOLUME.matcher(text).matches()) {
            throw SpecProblem.invalid(
                    pointer,
                    text,
                    "is no volume",
                    "give a volume GUID path such as \\\\?\\Volume{ec84d99e-3f02-11e7-ac6c-00155d7682cf}\\");
        }
        return text.endsWith("\\") ? text : text + "\\";
    }

    /** A directory or file of the host: on a drive, or on a volume by its GUID. */
    static String hostFile(String pointer, String text) {
        String path = text.replace('/', '\\');
        if (VOLUME_PATH.matcher(path).matches()) {
            return path;
        }
        if (path.startsWith("\\\\")) {
            throw SpecProblem.invalid(
                    pointer, text, "is no path of the host itself", "give a local path such as C:\\data");
        }
        return absolute(pointer, text);
    }

    /** A path on a drive, of the host or in a container. */
    static String absolute(String pointer, String text) {
        String path = text.replace('/', '\\');
        if (!DRIVE.matcher(path).matches()) {
            throw SpecProblem.invalid(pointer, text, "is not absolute", "give a path such as C:\\data");
        }
        StringBuilder clean = new StringBuilder(path.substring(0, DRIVE_LENGTH));
        for (String name : path.substring(DRIVE_LENGTH).split("\\\\+")) {
            if (!name.isEmpty()) {
                requireName(pointer, text, name);
                clean.append(clean.length() > DRIVE_LENGTH ? "\\" : "").append(name);
            }
        }
        return clean.toString();
    }

    private static void requireName(String pointer, String text, String name) {
        FeluccaException problem = SpecProblem.invalid(
                pointer,
                text,
                "has a part that is no name of a file",
                "do without . and .. and any of < > : \" | ? * and control characters");
        if (name.equals(".") || name.equals("..")) {
            throw problem;
        }
        if (name.chars().anyMatch(c -> c < ' ' || "<>:\"|?*".indexOf(c) >= 0)) {
            throw problem;
        }
    }

    static boolean isPipe(String text) {
        return text.replace('/', '\\').regionMatches(true, 0, PIPE_PREFIX, 0, PIPE_PREFIX.length());
    }

    /** The name of a pipe, without the prefix. */
    static String pipeName(String pointer, String text) {
        String name = text.substring(PIPE_PREFIX.length()).replace('/', '\\');
        if (name.isEmpty()
                || name.length() > 256 - PIPE_PREFIX.length()
                || name.chars().anyMatch(c -> c < ' ')) {
            throw SpecProblem.invalid(
                    pointer, text, "is no named pipe", "give a name after " + PIPE_PREFIX + ", up to 256 in all");
        }
        return name;
    }

    /** Whether the first is the second, or contains it; Windows does not tell case. */
    static boolean covers(String outer, String inner) {
        String above = outer.toLowerCase(Locale.ROOT);
        String below = inner.toLowerCase(Locale.ROOT);
        return below.equals(above) || below.startsWith(above.endsWith("\\") ? above : above + "\\");
    }
}
