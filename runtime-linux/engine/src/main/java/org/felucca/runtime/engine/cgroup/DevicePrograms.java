package org.felucca.runtime.engine.cgroup;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.bpf.CgroupDeviceProgram;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Device programs, loaded once for each policy. Thread-safe. */
final class DevicePrograms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DevicePrograms.class);

    private final Map<DevicePolicy, Fd> loaded = new ConcurrentHashMap<>();
    private final boolean controller;
    private volatile boolean refused;

    /** @param controller whether version 1 has a controller for devices, to fall back to */
    DevicePrograms(boolean controller) {
        this.controller = controller;
    }

    /** Empty where programs cannot be had, but version 1 has a controller for devices. */
    Optional<Fd> program(DevicePolicy policy) {
        if (refused && controller) {
            return Optional.empty();
        }
        Fd known = loaded.get(policy);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            Fd program = CgroupDeviceProgram.load(DeviceProgramWriter.write(policy));
            Fd other = loaded.putIfAbsent(policy, program);
            if (other != null) {
                program.close();
            }
            return Optional.of(other == null ? program : other);
        } catch (PosixException e) {
            if (controller) {
                LOG.info("devices are controlled by cgroup version 1: {}", e.getMessage());
                refused = true;
                return Optional.empty();
            }
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    "unsupported container configuration at /linux/resources/devices",
                    "this kernel takes no device program: " + e.getMessage(),
                    null,
                    e);
        }
    }

    static void attach(Fd program, TaskCgroup cgroup) {
        String path = cgroup.unified().orElseThrow().path();
        try (Fd directory = cgroup.open(path)) {
            CgroupDeviceProgram.attach(program, directory);
        }
    }

    @Override
    public void close() {
        loaded.values().forEach(Fd::close);
        loaded.clear();
    }
}
