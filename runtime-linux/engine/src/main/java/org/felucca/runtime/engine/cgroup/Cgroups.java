package org.felucca.runtime.engine.cgroup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.runtime.plan.compile.SpecProblem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the cgroups of tasks, and only those that a task needs. Thread-safe.
 *
 * <p>Version 2 alone: one directory. Version 1 with a version 2 beside it: one directory there, in which processes are
 * born, frozen, killed and kept from devices, and one in each version 1 hierarchy whose limits were asked for. Version 1
 * alone: the freezer, the devices where there is a policy, and the limits asked for.
 */
public final class Cgroups implements CgroupDriver {
    private static final int ATTEMPTS = 10;
    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
    private static final int MODE = 0755;
    /** What every cgroup of version 2 gets, because its directory costs the same with them. */
    private static final List<String> ENABLED = List.of("cpu", "memory", "pids", "io");

    private final CgroupLayout layout;
    private final String parent;
    private final DevicePrograms programs;

    /**
     * @param layout what the host has
     * @param parent absolute path, below each hierarchy's root, of the cgroup that holds those of tasks
     */
    public Cgroups(CgroupLayout layout, String parent) {
        this.layout = layout;
        this.parent = parent;
        this.programs = new DevicePrograms(layout.controllers().containsKey("devices"));
    }

    @Override
    public NewCgroup make(@Nullable String configured, String name, @Nullable Resources resources) {
        String path = path(configured, name);
        Resources wanted = resources == null ? Resources.builder().build() : resources;
        List<Setting> settings = CgroupSettings.of(wanted, layout.unifiedOnly());
        DevicePolicy devices = DevicePolicy.of(wanted.devices());
        Optional<Fd> program =
                devices.isOpen() || layout.unified().isEmpty() ? Optional.empty() : programs.program(devices);
        boolean devicesV1 = !devices.isOpen() && program.isEmpty();
        List<CgroupDirectory> directories = new ArrayList<>(4);
        try {
            for (CgroupDirectory directory : choose(path, settings, devicesV1)) {
                makeDirectory(directory);
                directories.add(directory);
            }
            TaskCgroup cgroup = new TaskCgroup(List.copyOf(directories));
            if (program.isPresent()) {
                DevicePrograms.attach(program.get(), cgroup);
            }
            cgroup.apply(devicesV1 ? concat(devices.v1Settings(), settings) : settings);
            return NewCgroup.of(cgroup);
        } catch (RuntimeException e) {
            for (CgroupDirectory directory : directories) {
                undo(directory, e);
            }
            throw e;
        }
    }

    /**
     * Makes a task's directories in every hierarchy that has controllers, without limits: for a runtime that writes
     * those itself.
     *
     * @param configured {@code /linux/cgroupsPath}: absolute, or relative to the parent; null for the default
     * @param name the default: relative to the parent
     * @throws FeluccaException ALREADY_EXISTS if one is there with processes in it
     */
    public TaskCgroup makeBare(@Nullable String configured, String name) {
        String path = path(configured, name);
        List<CgroupDirectory> made = new ArrayList<>();
        try {
            for (CgroupDirectory directory : everywhere(path)) {
                makeDirectory(directory);
                made.add(directory);
            }
            return new TaskCgroup(made);
        } catch (RuntimeException e) {
            made.forEach(directory -> undo(directory, e));
            throw e;
        }
    }

    private List<CgroupDirectory> everywhere(String path) {
        if (layout.unifiedOnly()) {
            return List.of(new CgroupDirectory(
                    2, "", ENABLED, layout.unified().orElseThrow().mountPoint() + path));
        }
        return new LinkedHashSet<>(layout.controllers().values())
                .stream()
                        .map(hierarchy -> new CgroupDirectory(
                                1, hierarchy.name(), hierarchy.controllers(), hierarchy.mountPoint() + path))
                        .toList();
    }

    /** Returns the cgroup's path below each hierarchy's root: what {@code /linux/cgroupsPath} says to another runtime. */
    public String absolutePath(@Nullable String configured, String name) {
        return path(configured, name);
    }

    @Override
    public void update(TaskCgroup cgroup, Resources resources) {
        cgroup.update(resources);
    }

    @Override
    public void remove(TaskCgroup cgroup) {
        cgroup.remove();
    }

    @Override
    public void discard(String name) {
        find(name).remove();
    }

    /** Returns what is there at a task's default place, whoever made it. */
    public TaskCgroup find(String name) {
        String path = path(null, name);
        List<CgroupDirectory> found = new ArrayList<>();
        layout.unified()
                .ifPresent(unified -> found.add(new CgroupDirectory(
                        2, layout.unifiedOnly() ? "" : "unified", List.of(), unified.mountPoint() + path)));
        for (CgroupLayout.Hierarchy hierarchy :
                new LinkedHashSet<>(layout.controllers().values())) {
            found.add(new CgroupDirectory(1, hierarchy.name(), hierarchy.controllers(), hierarchy.mountPoint() + path));
        }
        return new TaskCgroup(found.stream()
                .filter(directory ->
                        Dir.statIfPresent(Fd.HOST, directory.path()).isPresent())
                .toList());
    }

    private static void undo(CgroupDirectory directory, RuntimeException failure) {
        try {
            CgroupFiles.remove(directory.path());
        } catch (PosixException e) {
            failure.addSuppressed(e);
        }
    }

    private static List<Setting> concat(List<Setting> first, List<Setting> second) {
        List<Setting> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** Returns the cgroup's path below each hierarchy's root. */
    private String path(@Nullable String configured, String name) {
        String path = configured == null || configured.isEmpty() ? name : configured;
        String full = path.startsWith("/") ? path : parent + "/" + path;
        for (String part : full.substring(1).split("/")) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw SpecProblem.invalid(
                        "/linux/cgroupsPath", "'" + path + "' is no plain path", "leave out '.', '..' and empty parts");
            }
        }
        return full;
    }

    private List<CgroupDirectory> choose(String path, List<Setting> settings, boolean devicesV1) {
        if (layout.unified().isPresent() && layout.unifiedOnly()) {
            return List.of(
                    new CgroupDirectory(2, "", ENABLED, layout.unified().get().mountPoint() + path));
        }
        List<CgroupDirectory> chosen = new ArrayList<>();
        Map<CgroupLayout.Hierarchy, Set<String>> wanted = new LinkedHashMap<>();
        if (layout.unified().isPresent()) {
            chosen.add(new CgroupDirectory(
                    2, "unified", List.of(), layout.unified().get().mountPoint() + path));
        } else if (layout.controllers().containsKey("freezer")) {
            want(wanted, "freezer", "/linux");
        }
        if (devicesV1) {
            want(wanted, "devices", "/linux/resources/devices");
        }
        for (Setting setting : settings) {
            want(wanted, setting.controller(), setting.pointer());
        }
        wanted.forEach((hierarchy, controllers) -> chosen.add(new CgroupDirectory(
                1, hierarchy.name(), List.copyOf(hierarchy.controllers()), hierarchy.mountPoint() + path)));
        return chosen;
    }

    private void want(Map<CgroupLayout.Hierarchy, Set<String>> wanted, String controller, String pointer) {
        CgroupLayout.Hierarchy hierarchy = layout.controllers().get(controller);
        if (hierarchy == null) {
            throw SpecProblem.unsupported(
                    pointer, "this host has no cgroup controller " + controller, "remove it, or enable the controller");
        }
        wanted.computeIfAbsent(hierarchy, key -> new LinkedHashSet<>()).add(controller);
    }

    private void makeDirectory(CgroupDirectory directory) {
        try {
            Dir.mkdir(Fd.HOST, directory.path(), MODE);
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                makeWithParents(directory);
            } else if (e.is(Errno.EEXIST)) {
                takeOver(directory);
            } else {
                throw failed(directory, e);
            }
        }
        if (directory.version() == 1 && directory.has("cpuset")) {
            inheritCpuset(directory.path());
        }
    }

    /** A daemon that stops may take the parents away, while they are empty, as fast as they are made. */
    private void makeWithParents(CgroupDirectory directory) {
        for (int attempt = 1; ; attempt++) {
            makeParents(directory);
            try {
                Dir.mkdir(Fd.HOST, directory.path(), MODE);
                return;
            } catch (PosixException e) {
                if (!e.is(Errno.ENOENT) || attempt == ATTEMPTS) {
                    throw failed(directory, e);
                }
            }
        }
    }

    private static void makeLeaf(CgroupDirectory directory) {
        try {
            Dir.mkdir(Fd.HOST, directory.path(), MODE);
        } catch (PosixException e) {
            throw failed(directory, e);
        }
    }

    /** What is left of a task of that name that is gone is removed; a cgroup in use is somebody else's. */
    private static void takeOver(CgroupDirectory directory) {
        if (!CgroupFiles.processes(directory.path()).isEmpty()) {
            throw new FeluccaException(
                    ErrorCode.ALREADY_EXISTS,
                    "cannot make cgroup " + directory.path(),
                    "it exists and has processes in it");
        }
        CgroupFiles.remove(directory.path());
        makeLeaf(directory);
    }

    private static FeluccaException failed(CgroupDirectory directory, PosixException e) {
        ErrorCode code = switch (e.errno()) {
            case ENOSPC, ENOMEM, EAGAIN -> ErrorCode.RESOURCE_EXHAUSTED;
            case EACCES, EPERM, EROFS -> ErrorCode.PERMISSION_DENIED;
            default -> ErrorCode.INTERNAL;
        };
        return new FeluccaException(
                code, "cannot make cgroup " + directory.path(), e.errno().text(), null, e);
    }

    /** Makes what is missing on the way, and hands controllers down. */
    private void makeParents(CgroupDirectory directory) {
        String root = root(directory);
        String[] parts = directory.path().substring(root.length() + 1).split("/");
        StringBuilder path = new StringBuilder(root);
        handDown(directory, path.toString());
        for (int i = 0; i < parts.length - 1; i++) {
            path.append('/').append(parts[i]);
            try {
                Dir.mkdirIfAbsent(Fd.HOST, path.toString(), MODE);
            } catch (PosixException e) {
                throw failed(directory, e);
            }
            handDown(directory, path.toString());
        }
    }

    private String root(CgroupDirectory directory) {
        if (directory.version() == 2) {
            return layout.unified().orElseThrow().mountPoint();
        }
        String controller = directory.controllers().get(0);
        return Objects.requireNonNull(layout.controllers().get(controller), controller)
                .mountPoint();
    }

    private static void handDown(CgroupDirectory directory, String path) {
        if (directory.version() == 1) {
            if (directory.has("cpuset")) {
                inheritCpuset(path);
            }
            return;
        }
        String available = CgroupFiles.read(path, "cgroup.controllers").orElse("");
        for (String controller : directory.controllers()) {
            if (List.of(available.split(" ")).contains(controller)) {
                enable(path, controller);
            }
        }
    }

    static void enable(String path, String controller) {
        try {
            CgroupFiles.write(path, "cgroup.subtree_control", "+" + controller);
        } catch (PosixException e) {
            LOG.warn(
                    "cgroup {} does not hand controller {} down: {}",
                    path,
                    controller,
                    e.errno().text());
        }
    }

    /** Has a controller handed down to a cgroup of version 2 by all that are above it. */
    static void enableAbove(String path, String controller) {
        String above = path.substring(0, path.lastIndexOf('/'));
        Optional<String> controllers = CgroupFiles.read(above, "cgroup.controllers");
        if (controllers.isEmpty()) {
            return;
        }
        if (!List.of(controllers.get().split(" ")).contains(controller)) {
            enableAbove(above, controller);
        }
        enable(above, controller);
    }

    /** A new cpuset of version 1 is empty, and takes no process until it has processors and memory. */
    private static void inheritCpuset(String path) {
        String parentPath = path.substring(0, path.lastIndexOf('/'));
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            if (CgroupFiles.read(path, file).filter(String::isEmpty).isPresent()) {
                CgroupFiles.read(parentPath, file).ifPresent(value -> CgroupFiles.write(path, file, value));
            }
        }
    }

    /**
     * Removes the parent if it is empty, and lets the programs go. What is in it is left alone: an empty cgroup may be
     * that of a task that another daemon is about to start.
     */
    @Override
    public void close() {
        programs.close();
        for (String root : layout.mountPoints()) {
            rmdirIfEmpty(root + parent);
        }
    }

    private static void rmdirIfEmpty(String directory) {
        try {
            Dir.rmdir(Fd.HOST, directory);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT) && !e.is(Errno.EBUSY) && !e.is(Errno.ENOTEMPTY)) {
                LOG.warn("cgroup {} could not be removed: {}", directory, e.getMessage());
            }
        }
    }
}
