package org.felucca.runtime.engine.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.runtime.engine.systemd.Systemd;
import org.felucca.runtime.engine.systemd.UnitName;
import org.felucca.runtime.engine.systemd.UnitProperty;
import org.jspecify.annotations.Nullable;

/**
 * Has systemd make a scope for each task. It wants a process to begin with, which an occupant is until the task's own is
 * there. The scope is delegated: its files are the task's, and what systemd knows no property for is written into them.
 * Thread-safe: each call has a connection of its own.
 *
 * <p>A scope ends, and its cgroup is removed, when its last process ends.
 */
public final class SystemdCgroups implements CgroupDriver {
    private static final String PREFIX = "felucca";
    /** Those that every scope gets; systemd keeps them in step with its units, others are left alone. */
    private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids", "io");

    private final CgroupLayout layout;
    private final Path bus;
    private final String slice;
    private final Supplier<Occupant> occupants;
    private final DevicePrograms programs = new DevicePrograms(false);

    /**
     * @param layout what the host has
     * @param bus where the system bus listens
     * @param slice the default one
     * @param occupants starts an occupant
     */
    public SystemdCgroups(CgroupLayout layout, Path bus, String slice, Supplier<Occupant> occupants) {
        this.layout = layout;
        this.bus = bus;
        this.slice = slice;
        this.occupants = occupants;
    }

    /** A plain name is one within what is ours, as it is relative to the parent where this runtime makes cgroups. */
    private UnitName unit(@Nullable String configured, String name) {
        String path = configured == null || configured.isEmpty() ? name : configured;
        boolean plain = path.indexOf(':') < 0 && path.indexOf('/') < 0;
        return UnitName.parse(plain ? ":" + PREFIX + ":" + path : path, slice);
    }

    @Override
    public NewCgroup make(@Nullable String configured, String name, @Nullable Resources resources) {
        if (!layout.unifiedOnly()) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    "cannot make a cgroup by systemd",
                    "this host has cgroups of " + layout.describe(),
                    "set cgroupDriver=cgroupfs, or boot with cgroup version 2 alone");
        }
        UnitName unit = unit(configured, name);
        Resources wanted = resources == null ? Resources.builder().build() : resources;
        List<Setting> settings = CgroupSettings.of(wanted, true);
        DevicePolicy devices = DevicePolicy.of(wanted.devices());
        Optional<Fd> program = devices.isOpen() ? Optional.empty() : programs.program(devices);
        Occupant occupant = occupants.get();
        try {
            TaskCgroup cgroup = start(unit, properties(unit, settings, devices, occupant));
            finish(cgroup, program, settings);
            return new NewCgroup(cgroup, occupant::close);
        } catch (RuntimeException e) {
            occupant.close();
            throw e;
        }
    }

    private void finish(TaskCgroup cgroup, Optional<Fd> program, List<Setting> settings) {
        try {
            program.ifPresent(loaded -> DevicePrograms.attach(loaded, cgroup));
            cgroup.apply(settings);
        } catch (RuntimeException e) {
            try {
                remove(cgroup);
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private static List<UnitProperty> properties(
            UnitName unit, List<Setting> settings, DevicePolicy devices, Occupant occupant) {
        List<UnitProperty> properties = new ArrayList<>(List.of(
                UnitProperty.text("Description", "Felucca container " + unit.scope()),
                UnitProperty.text("Slice", unit.slice()),
                UnitProperty.processes("PIDs", List.of(occupant.pid())),
                UnitProperty.flag("Delegate", true),
                UnitProperty.flag("DefaultDependencies", false),
                UnitProperty.text("CollectMode", "inactive-or-failed")));
        properties.addAll(UnitProperties.of(settings));
        UnitProperties.of(devices).ifPresent(properties::addAll);
        return properties;
    }

    /** What is left of a scope of that name that has failed is in the way; one in use is somebody else's. */
    private TaskCgroup start(UnitName unit, List<UnitProperty> properties) {
        try (Systemd systemd = Systemd.connect(bus)) {
            try {
                systemd.startScope(unit.scope(), properties);
            } catch (FeluccaException e) {
                if (!e.is(ErrorCode.ALREADY_EXISTS)) {
                    throw e;
                }
                systemd.resetFailed(unit.scope());
                systemd.startScope(unit.scope(), properties);
            }
            String mount = layout.unified().orElseThrow().mountPoint();
            String path = mount + systemd.controlGroup(unit.scope());
            return new TaskCgroup(List.of(new CgroupDirectory(2, "", CONTROLLERS, path)), unit.scope());
        }
    }

    @Override
    public void update(TaskCgroup cgroup, Resources resources) {
        List<Setting> settings = cgroup.settings(resources);
        List<UnitProperty> properties = UnitProperties.of(settings);
        if (!properties.isEmpty()) {
            try (Systemd systemd = Systemd.connect(bus)) {
                systemd.setProperties(cgroup.unit(), properties);
            }
        }
        cgroup.apply(settings);
    }

    @Override
    public void remove(TaskCgroup cgroup) {
        if (cgroup.exists()) {
            cgroup.killAll();
            stop(cgroup.unit());
            cgroup.remove();
        }
    }

    private void stop(String unit) {
        try (Systemd systemd = Systemd.connect(bus)) {
            systemd.stop(unit);
            systemd.resetFailed(unit);
        }
    }

    /** Its processes are killed first: systemd would ask them to end, and wait. */
    @Override
    public void discard(String name) {
        String scope = unit(null, name).scope();
        try (Systemd systemd = Systemd.connect(bus)) {
            String path = layout.unified().orElseThrow().mountPoint() + systemd.controlGroup(scope);
            new TaskCgroup(List.of(new CgroupDirectory(2, "", CONTROLLERS, path)), scope).killAll();
            systemd.stop(scope);
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.NOT_FOUND)) {
                throw e;
            }
        } catch (PosixException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot remove cgroup " + scope,
                    e.errno().text(),
                    null,
                    e);
        }
    }

    @Override
    public void close() {
        programs.close();
    }
}
