package org.felucca.runtime.ocicli;

import java.util.ArrayList;
import java.util.List;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.jspecify.annotations.Nullable;

/**
 * A version of the runtime-spec, without what stands behind a dash.
 *
 * @param major first number
 * @param minor second number
 * @param patch third number
 */
record OciVersion(int major, int minor, int patch) implements Comparable<OciVersion> {
    /** What every program is taken to understand. */
    static final OciVersion BASE = new OciVersion(1, 0, 2);

    private static final OciVersion V1_1 = new OciVersion(1, 1, 0);
    private static final OciVersion V1_3 = new OciVersion(1, 3, 0);

    /**
     * A property that not every version has.
     *
     * @param pointer where it stands
     * @param since the version it came with
     */
    record Use(String pointer, OciVersion since) {}

    /** Reads {@code 1.0.2} or {@code 1.0.2-dev}; null if it is neither. */
    static @Nullable OciVersion parse(String text) {
        String[] parts = text.split("-", 2)[0].split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            return new OciVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Returns the uses in a document of properties that came after {@link #BASE}. */
    static List<Use> uses(Spec spec) {
        List<Use> found = new ArrayList<>();
        add(found, spec.domainname() != null, "/domainname", V1_1);
        for (int i = 0; i < spec.mounts().size(); i++) {
            boolean mapped = !spec.mounts().get(i).uidMappings().isEmpty()
                    || !spec.mounts().get(i).gidMappings().isEmpty();
            add(found, mapped, "/mounts/" + i + "/uidMappings", V1_1);
        }
        if (spec.process() != null) {
            addAll(found, spec.process());
        }
        if (spec.linux() != null) {
            addAll(found, spec.linux());
        }
        return found;
    }

    private static void addAll(List<Use> found, Process process) {
        add(found, process.scheduler() != null, "/process/scheduler", V1_1);
        add(found, process.ioPriority() != null, "/process/ioPriority", V1_1);
        add(found, process.execCpuAffinity() != null, "/process/execCPUAffinity", V1_3);
    }

    private static void addAll(List<Use> found, Linux linux) {
        add(found, !linux.timeOffsets().isEmpty(), "/linux/timeOffsets", V1_1);
        add(found, linux.memoryPolicy() != null, "/linux/memoryPolicy", V1_3);
        add(found, !linux.netDevices().isEmpty(), "/linux/netDevices", V1_3);
    }

    private static void add(List<Use> found, boolean used, String pointer, OciVersion since) {
        if (used) {
            found.add(new Use(pointer, since));
        }
    }

    /** Returns the lowest version that has everything the document uses. */
    static OciVersion lowest(Spec spec) {
        return uses(spec).stream().map(Use::since).max(OciVersion::compareTo).orElse(BASE);
    }

    @Override
    public int compareTo(OciVersion other) {
        int difference = Integer.compare(major, other.major);
        if (difference == 0) {
            difference = Integer.compare(minor, other.minor);
        }
        return difference == 0 ? Integer.compare(patch, other.patch) : difference;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
