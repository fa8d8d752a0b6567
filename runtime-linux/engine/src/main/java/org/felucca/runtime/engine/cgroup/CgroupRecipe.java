package org.felucca.runtime.engine.cgroup;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.runtime.plan.compile.CgroupHierarchy;
import org.felucca.runtime.plan.compile.SpecProblem;

/**
 * The cgroups of one container as data: for whoever makes them in place of {@link Cgroups}, in a mount table of its own.
 * Immutable.
 *
 * @param places the directories to make, version 2 first
 * @param settings the values to write, in order
 * @param deviceProgram instructions for the place of version 2; empty if there is nothing to attach
 */
public record CgroupRecipe(List<Place> places, List<Setting> settings, byte[] deviceProgram) {
    private static final List<String> ENABLED = List.of("cpu", "memory", "pids", "io");
    private static final byte[] NO_PROGRAM = new byte[0];

    /** Copies the lists; the program is not to be changed. */
    public CgroupRecipe {
        places = List.copyOf(places);
        settings = List.copyOf(settings);
    }

    /**
     * A directory to make.
     *
     * @param version 1 or 2
     * @param mountPoint where its hierarchy is mounted, absolute
     * @param path below that, beginning with a slash
     * @param name of the hierarchy under {@code /sys/fs/cgroup}; empty where version 2 is mounted there itself
     * @param controllers those of a version 1 hierarchy; those that parents of version 2 have to hand down
     */
    public record Place(int version, String mountPoint, String path, String name, List<String> controllers) {
        /** Copies. */
        public Place {
            controllers = List.copyOf(controllers);
        }

        /** Whether its files hold this controller's. */
        public boolean has(String controller) {
            return controllers.contains(controller);
        }
    }

    /**
     * Decides.
     *
     * @param layout what the maker of the directories sees
     * @param path absolute, below each hierarchy's root
     * @param left controllers of version 1 whose cgroup the container has to leave, because it is not the root's
     * @param programs whether the kernel takes device programs from the maker
     * @throws org.felucca.api.error.FeluccaException as {@link Cgroups#make}
     */
    public static CgroupRecipe of(
            CgroupLayout layout, String path, Resources resources, Set<String> left, boolean programs) {
        checkPath(path);
        List<Setting> settings = new ArrayList<>(CgroupSettings.of(resources, layout.unifiedOnly()));
        DevicePolicy devices = DevicePolicy.of(resources.devices());
        boolean unified = layout.unified().isPresent();
        byte[] program = NO_PROGRAM;
        if (!devices.isOpen() && unified && programs) {
            program = DeviceProgramWriter.write(devices);
        } else if (!devices.isOpen()) {
            settings.addAll(0, devices.v1Settings());
        }
        List<Place> places = new ArrayList<>();
        layout.unified()
                .ifPresent(found -> places.add(new Place(
                        2,
                        found.mountPoint(),
                        path,
                        layout.unifiedOnly() ? "" : "unified",
                        layout.unifiedOnly() ? ENABLED : List.of())));
        if (!layout.unifiedOnly()) {
            for (CgroupLayout.Hierarchy hierarchy : wanted(layout, settings, left, unified)) {
                places.add(new Place(1, hierarchy.mountPoint(), path, hierarchy.name(), hierarchy.controllers()));
            }
        }
        return new CgroupRecipe(places, settings, program);
    }

    private static Set<CgroupLayout.Hierarchy> wanted(
            CgroupLayout layout, List<Setting> settings, Set<String> left, boolean unified) {
        Set<CgroupLayout.Hierarchy> wanted = new LinkedHashSet<>();
        Map<String, CgroupLayout.Hierarchy> sorted = new TreeMap<>(layout.controllers());
        if (!unified && sorted.containsKey("freezer")) {
            wanted.add(sorted.get("freezer"));
        }
        for (Setting setting : settings) {
            CgroupLayout.Hierarchy hierarchy = sorted.get(setting.controller());
            if (hierarchy == null) {
                throw SpecProblem.unsupported(
                        setting.pointer(),
                        "this host has no cgroup controller " + setting.controller(),
                        "remove it, or enable the controller");
            }
            wanted.add(hierarchy);
        }
        sorted.forEach((controller, hierarchy) -> {
            if (left.contains(controller)) {
                wanted.add(hierarchy);
            }
        });
        return wanted;
    }

    private static void checkPath(String path) {
        for (String part : path.substring(1).split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw SpecProblem.invalid(
                        "/linux/cgroupsPath", "'" + path + "' is no plain path", "leave out '.', '..' and empty parts");
            }
        }
    }

    /** Describes the places for a plan, the first of them in this slot. */
    public List<CgroupHierarchy> hierarchies(int firstSlot) {
        List<CgroupHierarchy> result = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            result.add(new CgroupHierarchy(
                    firstSlot + i,
                    place.version(),
                    place.has("memory"),
                    i == 0,
                    place.name(),
                    place.version() == 1 ? place.controllers() : List.of(),
                    place.mountPoint() + place.path()));
        }
        return result;
    }
}
