package org.felucca.core.spec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --security-opt} says.
 *
 * @param noNewPrivileges whether execve can grant nothing
 * @param seccomp a profile of the container's own; null for the default one or none
 * @param unconfined whether there is no filter of system calls
 * @param apparmor AppArmor profile; null for the host's default
 */
record SecurityOptions(
        boolean noNewPrivileges,
        @Nullable SeccompProfile seccomp,
        boolean unconfined,
        @Nullable String apparmor) {

    /**
     * Reads options.
     *
     * @throws FeluccaException INVALID_ARGUMENT for an unknown or malformed one, UNSUPPORTED for SELinux labels
     */
    static SecurityOptions parse(List<String> options) {
        boolean noNewPrivileges = false;
        SeccompProfile profile = null;
        boolean unconfined = false;
        String apparmor = null;
        for (String option : options) {
            int separator = option.indexOf('=') >= 0 ? option.indexOf('=') : option.indexOf(':');
            String name = separator < 0 ? option : option.substring(0, separator);
            String value = separator < 0 ? "" : option.substring(separator + 1);
            switch (name) {
                case "no-new-privileges" -> noNewPrivileges = truth(option, value);
                case "seccomp" -> {
                    unconfined = value.equals("unconfined");
                    profile = unconfined || value.equals("builtin") ? null : profile(value);
                }
                case "apparmor" -> apparmor = required(option, value);
                case "label" -> {
                    if (!value.equals("disable")) {
                        throw new FeluccaException(
                                ErrorCode.UNSUPPORTED,
                                "cannot apply security option " + option,
                                "SELinux labels are not set by this platform",
                                "use label=disable or leave it out");
                    }
                }
                default -> throw invalid(option, "there is no option of that name");
            }
        }
        return new SecurityOptions(noNewPrivileges, profile, unconfined, apparmor);
    }

    private static boolean truth(String option, String value) {
        return switch (value) {
            case "", "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw invalid(option, "its value is neither true nor false");
        };
    }

    private static String required(String option, String value) {
        if (value.isEmpty()) {
            throw invalid(option, "its value is missing");
        }
        return value;
    }

    private static SeccompProfile profile(String text) {
        if (!text.startsWith("{")) {
            throw invalid("seccomp", "its value is neither unconfined nor the text of a profile");
        }
        try {
            return SeccompProfile.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (OciFormatException e) {
            String where = e.pointer() == null ? "" : " at " + e.pointer();
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT, "cannot read seccomp profile" + where, e.reason(), e.fix(), e);
        }
    }

    private static FeluccaException invalid(String option, String reason) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT,
                "invalid security option " + option,
                reason,
                "use no-new-privileges, seccomp=PROFILE|unconfined, apparmor=NAME or label=disable");
    }
}
