package org.felucca.layers.diff;

import java.util.Map;
import java.util.TreeMap;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Xattr;

/** The extended attributes of a file that belong to it wherever it lies. */
final class Attributes {
    private Attributes() {}

    /**
     * Reads them, sorted by name. Overlay's own describe a layer, not a file; SELinux's label is given by the policy of
     * the host a file lies on.
     */
    static Map<String, byte[]> of(Fd directory, String name) {
        Map<String, byte[]> attributes = new TreeMap<>();
        for (String attribute : Xattr.list(directory, name)) {
            if (!attribute.startsWith("trusted.overlay.")
                    && !attribute.startsWith("user.overlay.")
                    && !attribute.equals("security.selinux")) {
                Xattr.get(directory, name, attribute).ifPresent(value -> attributes.put(attribute, value));
            }
        }
        return attributes;
    }
}
