package org.felucca.core.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.container.ContainerMount;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.Mount;
import org.jspecify.annotations.Nullable;

/** The mounts of a container: the defaults, the files of its own directory, and what the request adds or replaces. */
final class LinuxMounts {
    private static final Set<String> PROPAGATION =
            Set.of("private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable");

    /** Options that take each other back. */
    private static final Map<String, String> OPPOSITE = Map.of(
            "exec", "noexec", "noexec", "exec", "suid", "nosuid", "nosuid", "suid", "dev", "nodev", "nodev", "dev",
            "ro", "rw", "rw", "ro");

    private LinuxMounts() {}

    /**
     * Returns the mounts in the order in which they are made: defaults first, then by depth of the target.
     *
     * @param directory the container's own directory, which holds {@link HostFiles}
     * @throws FeluccaException INVALID_ARGUMENT for a target that is not absolute, is the root, or is named twice, and
     *     for a source that is not absolute
     */
    static List<Mount> of(ContainerRequest request, Path directory) {
        List<Mount> defaults = LinuxDefaults.mounts(request.privileged());
        Set<String> targets = targets(request.mounts());
        List<Mount> result = new ArrayList<>(defaults.size() + request.mounts().size() + 3);
        for (Mount mount : defaults) {
            boolean hidden = targets.contains(mount.destination())
                    || (targets.contains("/dev") && mount.destination().startsWith("/dev/"));
            if (!hidden) {
                result.add(mount);
            }
        }
        List<Mount> own = new ArrayList<>();
        for (HostFiles.File file : HostFiles.File.values()) {
            if (!targets.contains(file.target())) {
                own.add(Mount.builder(file.target())
                        .type("bind")
                        .source(directory.resolve(file.fileName()).toString())
                        .options(request.readOnly() ? List.of("rbind", "rprivate", "ro") : List.of("rbind", "rprivate"))
                        .build());
            }
        }
        for (ContainerMount mount : request.mounts()) {
            own.add(mount.fold(LinuxMounts::bind, LinuxMounts::tmpfs));
        }
        if (!request.mounts().isEmpty()) {
            own.sort(Comparator.comparingInt(
                    mount -> Path.of(mount.destination()).getNameCount()));
        }
        result.addAll(own);
        return result;
    }

    private static Set<String> targets(List<ContainerMount> mounts) {
        if (mounts.isEmpty()) {
            return Set.of();
        }
        Set<String> targets = new HashSet<>();
        for (ContainerMount mount : mounts) {
            Path target = Path.of(mount.target()).normalize();
            if (!mount.target().startsWith("/") || target.getNameCount() == 0) {
                throw invalid(mount.target(), "it is not an absolute path below the root");
            }
            if (!targets.add(target.toString())) {
                throw invalid(mount.target(), "something else is mounted there already");
            }
        }
        return targets;
    }

    private static Mount bind(ContainerMount.Bind bind) {
        if (!bind.source().startsWith("/")) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot mount " + bind.source() + " at " + bind.target(),
                    "the source is not an absolute path of the host");
        }
        List<String> options = new ArrayList<>(bind.options());
        if (!options.contains("bind") && !options.contains("rbind")) {
            options.add("rbind");
        }
        if (bind.readOnly() && !options.contains("ro")) {
            options.add("ro");
        }
        if (options.stream().noneMatch(PROPAGATION::contains)) {
            options.add("rprivate");
        }
        return Mount.builder(Path.of(bind.target()).normalize().toString())
                .type("bind")
                .source(bind.source())
                .options(options)
                .build();
    }

    private static Mount tmpfs(ContainerMount.Tmpfs tmpfs) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : List.of("noexec", "nosuid", "nodev", "rprivate")) {
            options.put(option, option);
        }
        for (String option : tmpfs.options()) {
            String opposite = OPPOSITE.get(option);
            if (opposite != null) {
                options.remove(opposite);
            }
            int equals = option.indexOf('=');
            options.put(equals < 0 ? option : option.substring(0, equals), option);
        }
        return Mount.builder(Path.of(tmpfs.target()).normalize().toString())
                .type("tmpfs")
                .source("tmpfs")
                .options(new ArrayList<>(options.values()))
                .build();
    }

    /** Returns the propagation the root needs for the binds to hear of the host's mounts; null for none. */
    static @Nullable String rootPropagation(List<ContainerMount> mounts) {
        String result = null;
        for (ContainerMount mount : mounts) {
            List<String> options = mount.fold(ContainerMount.Bind::options, tmpfs -> List.of());
            if (options.contains("shared") || options.contains("rshared")) {
                return "shared";
            }
            if (options.contains("slave") || options.contains("rslave")) {
                result = "rslave";
            }
        }
        return result;
    }

    private static FeluccaException invalid(String target, String reason) {
        return new FeluccaException(ErrorCode.INVALID_ARGUMENT, "cannot mount at " + target, reason);
    }
}
