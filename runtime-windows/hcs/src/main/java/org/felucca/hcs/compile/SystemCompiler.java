package org.felucca.hcs.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.felucca.hcs.document.AssignedDevice;
import org.felucca.hcs.document.AssignedDeviceType;
import org.felucca.hcs.document.ComputeSystem;
import org.felucca.hcs.document.Container;
import org.felucca.hcs.document.CredentialGuardState;
import org.felucca.hcs.document.Layer;
import org.felucca.hcs.document.Networking;
import org.felucca.hcs.document.RegistryHive;
import org.felucca.hcs.document.RegistryKey;
import org.felucca.hcs.document.RegistryValue;
import org.felucca.hcs.document.SchemaVersion;
import org.felucca.hcs.document.Storage;
import org.felucca.oci.runtimespec.Root;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.windows.Device;
import org.felucca.oci.runtimespec.windows.Windows;
import org.felucca.oci.runtimespec.windows.WindowsNetwork;
import org.jspecify.annotations.Nullable;

/** Makes the document of a container. One instance compiles one container. */
public final class SystemCompiler {
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.*[A-Za-z-])[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    /**
     * Images with services end 5 seconds after they are asked to, whatever they are still doing. How long to wait is the
     * caller's to decide, so that time is put beyond what anyone waits.
     */
    private static final RegistryValue LONG_SHUTDOWN = RegistryValue.of(
            new RegistryKey(RegistryHive.SYSTEM, "ControlSet001\\Control"),
            "WaitToKillServiceTimeout",
            Integer.toString(Integer.MAX_VALUE));

    private final Spec spec;
    private final Windows windows;
    private final HostFacts host;
    private final ContainerFacts facts;
    private final Preparation wanted;
    private final List<Warning> warnings = new ArrayList<>(0);
    private SchemaVersion schema = SchemaVersion.V2_1;

    private SystemCompiler(Spec spec, HostFacts host, ContainerFacts facts) {
        this.spec = spec;
        this.windows = SpecCheck.windows(spec);
        this.host = host;
        this.facts = facts;
        this.wanted = Preparation.of(spec);
    }

    /**
     * Compiles.
     *
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT for a document that cannot be, UNSUPPORTED for
     *     what this runtime or this host does not do, FAILED_PRECONDITION for what {@link Preparation} asks for and the
     *     facts do not have; all name the property by its JSON pointer
     */
    public static CompiledSystem compile(Spec spec, HostFacts host, ContainerFacts facts) {
        SpecCheck.check(spec);
        return new SystemCompiler(spec, host, facts).compile();
    }

    private CompiledSystem compile() {
        if (windows.ignoreFlushesDuringBoot()) {
            warnings.add(new Warning(
                    "/windows/ignoreFlushesDuringBoot", "nothing boots in a Windows Server container; nothing to do"));
        }
        MountCompiler mounts = new MountCompiler(spec.mounts());
        Container container = Container.of(storage())
                .hostName(hostName())
                .mappedDirectories(mounts.directories())
                .mappedPipes(mounts.pipes())
                .memoryInMb(Limits.memoryInMb(windows.resources()))
                .processor(Limits.processor(windows.resources(), host, warnings))
                .networking(networking())
                .credentialGuard(credentials())
                .registryValues(registry())
                .assignedDevices(devices())
                .deviceExtensions(facts.extensions())
                .build();
        requireExtensions();
        return new CompiledSystem(new ComputeSystem(facts.owner(), schema, container), warnings);
    }

    private Storage storage() {
        List<String> folders = windows.layerFolders();
        if (folders.size() < 2) {
            throw SpecProblem.invalid(
                    "/windows/layerFolders", "there is one entry", "give the layers of the image and then the scratch");
        }
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < folders.size() - 1; i++) {
            String folder = WindowsPath.hostFile("/windows/layerFolders/" + i, folders.get(i));
            layers.add(new Layer(facts.layerId(folder), folder));
        }
        WindowsPath.hostFile("/windows/layerFolders/" + (folders.size() - 1), folders.get(folders.size() - 1));
        return new Storage(layers, rootVolume(), Limits.storage(windows.resources()));
    }

    private String rootVolume() {
        Root root = spec.root();
        if (root != null && root.readonly()) {
            throw SpecProblem.unsupported("/root/readonly", "a Windows container's root is writable", "remove it");
        }
        String mounted = facts.rootVolume();
        if (mounted != null) {
            return WindowsPath.volume("/root/path", mounted);
        }
        if (root == null) {
            throw SpecProblem.invalid("/root", "it is missing", "give the volume of the mounted scratch");
        }
        return WindowsPath.volume("/root/path", root.path());
    }

    private @Nullable String hostName() {
        String name = spec.hostname();
        if (name == null || name.isEmpty()) {
            return null;
        }
        if (!HOST_NAME.matcher(name).matches()) {
            throw SpecProblem.invalid(
                    "/hostname",
                    name,
                    "is no name of a Windows host",
                    "use 1 to 63 letters, digits and dashes, not digits only, no dash at either end");
        }
        return name;
    }

    private @Nullable Networking networking() {
        WindowsNetwork network = windows.network();
        UUID made = facts.networkNamespace();
        if (network == null) {
            return made == null ? null : new Networking(made, false, null, null);
        }
        String at = "/windows/network";
        UUID namespace = made;
        String given = network.networkNamespace();
        if (given != null) {
            requireAlone(network, at);
            namespace = Preparation.guid(at + "/networkNamespace", given);
            if (made != null && !made.equals(namespace)) {
                throw SpecProblem.invalid(
                        at + "/networkNamespace", namespace + " is not the container's network, " + made, "remove it");
            }
        } else if (made == null && !wanted.endpoints().isEmpty()) {
            throw SpecProblem.unprepared(at + "/endpointList", "the endpoints are in no namespace yet");
        }
        return new Networking(
                namespace,
                network.allowUnqualifiedDnsQuery(),
                searchList(network.dnsSearchList()),
                network.networkSharedContainerName());
    }

    /** The specification: with a namespace, no other parameter. */
    private static void requireAlone(WindowsNetwork network, String at) {
        requireAbsent(at + "/endpointList", !network.endpointList().isEmpty());
        requireAbsent(at + "/allowUnqualifiedDNSQuery", network.allowUnqualifiedDnsQuery());
        requireAbsent(at + "/DNSSearchList", !network.dnsSearchList().isEmpty());
        requireAbsent(at + "/networkSharedContainerName", network.networkSharedContainerName() != null);
    }

    private static void requireAbsent(String pointer, boolean present) {
        if (present) {
            throw SpecProblem.invalid(
                    pointer, "it excludes networkNamespace", "remove it: what is in a namespace is set there");
        }
    }

    private static @Nullable String searchList(List<String> suffixes) {
        for (int i = 0; i < suffixes.size(); i++) {
            if (suffixes.get(i).isBlank() || suffixes.get(i).indexOf(',') >= 0) {
                throw SpecProblem.invalid(
                        "/windows/network/DNSSearchList/" + i,
                        suffixes.get(i),
                        "is no DNS suffix",
                        "give one domain per entry");
            }
        }
        return suffixes.isEmpty() ? null : String.join(",", suffixes);
    }

    private @Nullable CredentialGuardState credentials() {
        if (wanted.credentialSpec() == null) {
            return null;
        }
        CredentialGuardState state = facts.credentials();
        if (state == null) {
            throw SpecProblem.unprepared("/windows/credentialSpec", "the credential guard has no instance for it yet");
        }
        return state;
    }

    private List<RegistryValue> registry() {
        List<RegistryValue> values = new ArrayList<>();
        values.add(LONG_SHUTDOWN);
        values.addAll(ProcessDumps.values(spec.annotations(), facts.id()));
        return values;
    }

    private List<AssignedDevice> devices() {
        List<AssignedDevice> devices = new ArrayList<>();
        for (int i = 0; i < windows.devices().size(); i++) {
            devices.add(device("/windows/devices/" + i, windows.devices().get(i)));
        }
        return devices;
    }

    private AssignedDevice device(String at, Device device) {
        return switch (device.idType()) {
            case "class", "vpci-class-guid" ->
                new AssignedDevice(null, Preparation.guid(at + "/id", device.id()), null);
            case "vpci-location-path" -> {
                require(SchemaVersion.V2_2, at + "/idType", "devices by location");
                yield new AssignedDevice(AssignedDeviceType.DEVICE_INSTANCE, null, device.id());
            }
            default ->
                throw SpecProblem.unsupported(
                        at + "/idType",
                        "there are no devices by '" + device.idType() + "'",
                        "use class, vpci-class-guid or vpci-location-path");
        };
    }

    private void requireExtensions() {
        String at = "/annotations/" + Preparation.DEVICE_EXTENSIONS;
        if (wanted.extensionFiles().size() != facts.extensions().size()) {
            throw SpecProblem.unprepared(
                    at,
                    wanted.extensionFiles().size() + " files are named and "
                            + facts.extensions().size() + " were read");
        }
        if (!facts.extensions().isEmpty()) {
            // The schema has them since 2.3, process-isolated containers of hosts since Windows Server 2022.
            require(SchemaVersion.V2_5, at, "extensions of devices");
        }
    }

    private void require(SchemaVersion version, String pointer, String what) {
        if (!host.has(version)) {
            throw SpecProblem.unsupported(
                    pointer,
                    "build " + host.build() + " of Windows has no " + what,
                    "use build " + version.build() + " or later");
        }
        if (version.compareTo(schema) > 0) {
            schema = version;
        }
    }
}
