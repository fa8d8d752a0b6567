package org.felucca.runtime.engine.systemd;

import java.util.regex.Pattern;
import org.felucca.runtime.plan.compile.SpecProblem;

/**
 * A container's scope: what {@code /linux/cgroupsPath} says as {@code SLICE:PREFIX:NAME}, runc's notation.
 *
 * @param slice the slice it is in, as {@code machine.slice}
 * @param scope the unit, as {@code felucca-web.scope}
 */
public record UnitName(String slice, String scope) {
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9:_.\\\\-]+");
    private static final int LONGEST = 255;
    private static final String SLICE = ".slice";
    private static final String SCOPE = ".scope";

    /**
     * Reads {@code SLICE:PREFIX:NAME}: an empty slice is the default one, an empty prefix leaves the name alone.
     *
     * @param defaultSlice ends in {@code .slice}
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT, naming the property, if it is something else
     */
    public static UnitName parse(String path, String defaultSlice) {
        String[] parts = path.split(":", 3);
        if (parts.length != 3 || parts[2].isEmpty()) {
            throw invalid(path, "with systemd it is SLICE:PREFIX:NAME");
        }
        String slice = parts[0].isEmpty() ? defaultSlice : parts[0];
        String scope = (parts[1].isEmpty() ? parts[2] : parts[1] + "-" + parts[2]) + SCOPE;
        if (!slice.endsWith(SLICE) || !plain(slice)) {
            throw invalid(path, "'" + slice + "' is no slice");
        }
        if (!plain(scope)) {
            throw invalid(path, "'" + scope + "' is no name of a unit");
        }
        return new UnitName(slice, scope);
    }

    private static boolean plain(String name) {
        return PLAIN.matcher(name).matches() && name.length() <= LONGEST;
    }

    private static RuntimeException invalid(String path, String reason) {
        return SpecProblem.invalid(
                "/linux/cgroupsPath", "'" + path + "': " + reason, "write it as system.slice:felucca:web");
    }
}
