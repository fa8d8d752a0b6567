package org.felucca.core.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.felucca.oci.OciFormatException;

/** A version of the Linux kernel, as far as features depend on it. */
record KernelVersion(int major, int minor) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,5})(?:[^0-9].*)?");

    /**
     * Reads {@code 6.1} or {@code 6.1.0-28-amd64}.
     *
     * @throws OciFormatException if it does not start with two numbers
     */
    static KernelVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new OciFormatException(
                    "kernel version " + OciFormatException.quote(text), null, "it is malformed", "write 4.8");
        }
        return new KernelVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    boolean atLeast(KernelVersion other) {
        return major != other.major ? major > other.major : minor >= other.minor;
    }
}
