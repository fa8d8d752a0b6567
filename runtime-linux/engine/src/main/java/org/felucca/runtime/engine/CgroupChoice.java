package org.felucca.runtime.engine;

import java.util.function.Supplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.runtime.engine.cgroup.CgroupDriver;
import org.felucca.runtime.engine.cgroup.CgroupDrivers;
import org.felucca.runtime.engine.cgroup.CgroupLayout;
import org.felucca.runtime.engine.cgroup.Cgroups;
import org.felucca.runtime.engine.cgroup.Occupant;
import org.felucca.runtime.engine.cgroup.SystemdCgroups;
import org.felucca.runtime.engine.dbus.Bus;

/**
 * Who makes the cgroups of new containers, and where.
 *
 * @param systemd whether systemd does, and not this runtime itself
 * @param parent absolute path, below each cgroup hierarchy's root, that holds those which this runtime makes
 * @param slice holds those that systemd makes
 */
public record CgroupChoice(boolean systemd, String parent, String slice) {
    private static final String ADDRESS = "DBUS_SYSTEM_BUS_ADDRESS";

    /**
     * Reads the settings.
     *
     * @throws FeluccaException INVALID_ARGUMENT for another driver, or a slice that is none
     */
    static CgroupChoice of(String driver, String parent, String slice) {
        if (!slice.endsWith(".slice")) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid setting slice",
                    "'" + slice + "' is no slice",
                    "write it as system.slice");
        }
        return switch (driver) {
            case "cgroupfs" -> new CgroupChoice(false, parent, slice);
            case "systemd" -> new CgroupChoice(true, parent, slice);
            default ->
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "invalid setting cgroupDriver",
                        "'" + driver + "' is no driver",
                        "choose cgroupfs or systemd");
        };
    }

    CgroupDriver open(CgroupLayout layout, Supplier<Occupant> occupants) {
        return new CgroupDrivers(
                new Cgroups(layout, parent),
                new SystemdCgroups(layout, Bus.systemBus(System.getenv(ADDRESS)), slice, occupants),
                systemd);
    }
}
