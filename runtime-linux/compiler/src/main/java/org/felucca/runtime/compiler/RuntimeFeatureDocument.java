package org.felucca.runtime.compiler;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.felucca.oci.runtimespec.features.CgroupFeatures;
import org.felucca.oci.runtimespec.features.Enabled;
import org.felucca.oci.runtimespec.features.Features;
import org.felucca.oci.runtimespec.features.LinuxFeatures;
import org.felucca.oci.runtimespec.features.SeccompFeatures;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompOperator;
import org.felucca.runtime.plan.CapabilityNames;
import org.felucca.runtime.plan.compile.HostFacts;
import org.felucca.runtime.plan.compile.Recognized;

/** What {@code felucca-oci features} prints. */
final class RuntimeFeatureDocument {
    private static final List<String> HOOKS =
            List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop");

    private RuntimeFeatureDocument() {}

    static Features of(HostFacts host) {
        List<String> actions = Arrays.stream(SeccompAction.values())
                .filter(action -> action != SeccompAction.NOTIFY)
                .map(SeccompAction::id)
                .toList();
        LinuxFeatures linux = LinuxFeatures.builder()
                .namespaces(Recognized.namespaces())
                .capabilities(IntStream.rangeClosed(0, host.lastCapability())
                        .mapToObj(CapabilityNames::name)
                        .toList())
                .cgroup(CgroupFeatures.builder()
                        .v1(true)
                        .v2(true)
                        .systemd(false)
                        .systemdUser(false)
                        .rdma(true)
                        .build())
                .seccomp(SeccompFeatures.builder()
                        .enabled(true)
                        .actions(actions)
                        .operators(Arrays.stream(SeccompOperator.values())
                                .map(SeccompOperator::id)
                                .toList())
                        .build())
                .apparmor(new Enabled(true))
                .selinux(new Enabled(true))
                .netDevices(new Enabled(false))
                .build();
        return Features.builder("1.0.0", "1.3.0")
                .hooks(HOOKS)
                .mountOptions(Recognized.mountOptions().stream()
                        .filter(option -> !HostSide.MOUNT_OPTIONS.contains(option))
                        .toList())
                .linux(linux)
                .build();
    }
}
