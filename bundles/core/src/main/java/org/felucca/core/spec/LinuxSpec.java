package org.felucca.core.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.NetworkMode;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.core.record.ContainerRecord;
import org.felucca.core.record.Launch;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Root;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.User;
import org.felucca.oci.runtimespec.linux.Capabilities;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Namespace;
import org.felucca.oci.runtimespec.linux.NamespaceType;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.jspecify.annotations.Nullable;

/**
 * Makes the runtime-spec document of a Linux container. Thread-safe. Pure but for the list of the host's devices, which
 * privileged containers get.
 */
public final class LinuxSpec {
    private static final Path HOST_NAME_FILE = Path.of("/proc/sys/kernel/hostname");
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?");
    private static final Set<String> IPC_SYSCTLS = Set.of(
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced");

    private static final List<Namespace> HOST_NETWORK = List.of(
            new Namespace(NamespaceType.MOUNT, null),
            new Namespace(NamespaceType.UTS, null),
            new Namespace(NamespaceType.PID, null),
            new Namespace(NamespaceType.IPC, null),
            new Namespace(NamespaceType.CGROUP, null));
    private static final List<Namespace> OWN_NETWORK = withNetwork();

    private final SeccompDefault seccomp = new SeccompDefault();
    private volatile @Nullable HostFacts facts;

    /** Describes this host's containers; the host is looked at when the first document is made. */
    public LinuxSpec() {}

    /** Describes containers of another host. */
    LinuxSpec(HostFacts facts) {
        this.facts = facts;
    }

    private static List<Namespace> withNetwork() {
        List<Namespace> all = new ArrayList<>(HOST_NETWORK);
        all.add(1, new Namespace(NamespaceType.NETWORK, null));
        return List.copyOf(all);
    }

    private HostFacts facts() {
        HostFacts known = facts;
        if (known == null) {
            known = HostFacts.read();
            facts = known;
        }
        return known;
    }

    /**
     * Makes the document of a container.
     *
     * @param directory the container's own directory, whose files are bound
     * @throws FeluccaException INVALID_ARGUMENT, by name, for what the request asks and cannot be; UNSUPPORTED for what
     *     the platform does not do
     */
    public Spec of(ContainerRecord container, Path directory) {
        try {
            return describe(container, directory);
        } catch (OciFormatException e) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot describe container " + container.name(),
                    e.reason(),
                    e.fix(),
                    e);
        }
    }

    private Spec describe(ContainerRecord container, Path directory) {
        HostFacts host = facts();
        ContainerRequest request = container.request();
        Launch launch = container.launch();
        List<String> capabilities = CapabilitySets.of(request, host.lastCapability());
        SecurityOptions security = SecurityOptions.parse(request.securityOptions());
        String hostname = hostname(container);
        Process process = Process.builder(User.builder(0, 0).build(), launch.workingDirectory())
                .terminal(request.terminal())
                .args(launch.args())
                .env(environment(launch, hostname, request.terminal()))
                .capabilities(Capabilities.builder()
                        .bounding(capabilities)
                        .effective(capabilities)
                        .permitted(capabilities)
                        .build())
                .rlimits(LinuxLimits.rlimits(request.ulimits()))
                .noNewPrivileges(security.noNewPrivileges())
                .apparmorProfile(security.apparmor())
                .build();
        Linux.Builder linux = Linux.builder()
                .namespaces(request.network() == NetworkMode.HOST ? HOST_NETWORK : OWN_NETWORK)
                // Relative: below the cgroup that the runtime is configured to use.
                .cgroupsPath(container.key().namespace() + "-" + container.key().id())
                .sysctl(sysctls(request, host))
                .seccomp(filter(request, security, host, capabilities))
                .rootfsPropagation(LinuxMounts.rootPropagation(request.mounts()))
                .resources(LinuxLimits.resources(
                        request.resources(),
                        request.privileged() ? LinuxDefaults.ALL_DEVICES : LinuxDefaults.DEVICE_RULES,
                        host.processors()));
        if (request.privileged()) {
            linux.devices(HostDevices.list());
        } else {
            linux.maskedPaths(LinuxDefaults.maskedPaths(host)).readonlyPaths(LinuxDefaults.READ_ONLY_PATHS);
        }
        return Spec.builder(LinuxDefaults.OCI_VERSION)
                .process(process)
                .root(new Root("rootfs", request.readOnly()))
                .hostname(hostname)
                .mounts(LinuxMounts.of(request, directory))
                .linux(linux.build())
                .build();
    }

    private @Nullable Seccomp filter(
            ContainerRequest request, SecurityOptions security, HostFacts host, List<String> capabilities) {
        if (security.unconfined() || (request.privileged() && security.seccomp() == null)) {
            return null;
        }
        SeccompProfile.Target target = SeccompDefault.target(host, capabilities);
        SeccompProfile own = security.seccomp();
        return own == null ? seccomp.resolve(target) : own.resolve(target);
    }

    /** Returns the environment a container's process gets, platform's defaults included. */
    public static List<String> environment(ContainerRecord container) {
        return environment(
                container.launch(), hostname(container), container.request().terminal());
    }

    private static List<String> environment(Launch launch, String hostname, boolean terminal) {
        List<String> defaults = new ArrayList<>(3);
        defaults.add(LinuxDefaults.PATH);
        defaults.add("HOSTNAME=" + hostname);
        if (terminal) {
            defaults.add("TERM=xterm");
        }
        List<String> merged = new ArrayList<>(Launches.merge(defaults, launch.environment()));
        merged.removeIf(entry -> entry.indexOf('=') < 0);
        return merged;
    }

    /**
     * Returns the host name of a container: as asked for, the host's own with its network, else the short id.
     *
     * @throws FeluccaException INVALID_ARGUMENT if it is malformed
     */
    static String hostname(ContainerRecord container) {
        String wanted = container.request().hostname();
        if (wanted.isEmpty()) {
            return container.request().network() == NetworkMode.HOST
                    ? hostsOwn()
                    : container.key().id().substring(0, 12);
        }
        if (!HOSTNAME.matcher(wanted).matches()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid host name " + wanted,
                    "a host name has up to 64 letters, digits, dots and dashes");
        }
        return wanted;
    }

    private static String hostsOwn() {
        try {
            return Files.readString(HOST_NAME_FILE).strip();
        } catch (IOException e) {
            throw HostFiles.failure("cannot read the host's name", e);
        }
    }

    private static Map<String, String> sysctls(ContainerRequest request, HostFacts host) {
        boolean hostNetwork = request.network() == NetworkMode.HOST;
        Map<String, String> result = new LinkedHashMap<>();
        if (!hostNetwork) {
            for (String name : HostFacts.NETWORK_SYSCTLS) {
                if (host.sysctls().contains(name)) {
                    result.put(name, name.endsWith("ping_group_range") ? "0 2147483647" : "0");
                }
            }
        }
        request.sysctls().forEach((name, value) -> {
            boolean network = name.startsWith("net.");
            if (network && hostNetwork) {
                throw sysctl(name, "the container is in the host's network");
            }
            if (!network && !name.startsWith("fs.mqueue.") && !IPC_SYSCTLS.contains(name)) {
                throw sysctl(name, "it is not a parameter of a container's own namespaces");
            }
            result.put(name, value);
        });
        return result;
    }

    private static FeluccaException sysctl(String name, String reason) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT,
                "cannot set kernel parameter " + name,
                reason,
                "use net.*, fs.mqueue.*, kernel.msg*, kernel.sem or kernel.shm*");
    }
}
