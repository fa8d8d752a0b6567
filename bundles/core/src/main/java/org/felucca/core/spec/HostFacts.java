package org.felucca.core.spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.platform.Platform;

/**
 * What the documents of containers depend on of this host; does not change while the daemon runs.
 *
 * @param architecture Go's name of the machine's architecture
 * @param kernel the kernel's version
 * @param lastCapability number of the last capability the kernel knows
 * @param processors processors a container can use
 * @param sysctls those of the kernel parameters that are set by default and exist
 * @param thermalPaths per-processor directories that tell about the host's load and are masked
 */
record HostFacts(
        String architecture,
        KernelVersion kernel,
        int lastCapability,
        int processors,
        Set<String> sysctls,
        List<String> thermalPaths) {
    /** Kernel parameters set in each network namespace of a container: ports below 1024 and ping need no rights. */
    static final List<String> NETWORK_SYSCTLS =
            List.of("net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range");

    /** Copies. */
    HostFacts {
        sysctls = Set.copyOf(sysctls);
        thermalPaths = List.copyOf(thermalPaths);
    }

    /** Reads them; what a host that is no Linux does not have is as for a recent Linux. */
    static HostFacts read() {
        Set<String> sysctls = new HashSet<>();
        for (String name : NETWORK_SYSCTLS) {
            if (Files.exists(Path.of("/proc/sys", name.split("\\.")))) {
                sysctls.add(name);
            }
        }
        return new HostFacts(
                Platform.host().architecture(),
                kernelVersion(),
                readLastCapability(),
                Runtime.getRuntime().availableProcessors(),
                sysctls,
                readThermalPaths());
    }

    private static KernelVersion kernelVersion() {
        try {
            return KernelVersion.parse(System.getProperty("os.version", ""));
        } catch (OciFormatException e) {
            return new KernelVersion(5, 10);
        }
    }

    private static int readLastCapability() {
        // A sysctl answers the first read only, and Files.readString begins with a read of one byte.
        try (BufferedReader in = Files.newBufferedReader(Path.of("/proc/sys/kernel/cap_last_cap"))) {
            return Integer.parseInt(String.valueOf(in.readLine()).strip());
        } catch (IOException | NumberFormatException e) {
            return 40;
        }
    }

    private static List<String> readThermalPaths() {
        List<String> paths = new ArrayList<>();
        try (Stream<Path> processors = Files.list(Path.of("/sys/devices/system/cpu"))) {
            processors
                    .filter(path -> path.getFileName().toString().matches("cpu[0-9]+"))
                    .map(path -> path.resolve("thermal_throttle"))
                    .filter(Files::exists)
                    .sorted()
                    .forEach(path -> paths.add(path.toString()));
        } catch (IOException e) {
            return List.of();
        }
        return paths;
    }
}
