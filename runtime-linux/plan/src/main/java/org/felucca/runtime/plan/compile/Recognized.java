package org.felucca.runtime.plan.compile;

import java.util.Arrays;
import java.util.List;
import org.felucca.runtime.plan.NamespaceBits;

/** What the compilers know by name, for a document of features. */
public final class Recognized {
    private Recognized() {}

    /** Returns the mount options, sorted. */
    public static List<String> mountOptions() {
        return MountOptions.names().stream().sorted().toList();
    }

    /** Returns the types of namespaces, as a configuration names them. */
    public static List<String> namespaces() {
        return Arrays.stream(NamespaceBits.values())
                .map(bits -> bits.type().id())
                .sorted()
                .toList();
    }
}
