package org.felucca.runtime.engine.compiler;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.felucca.oci.runtimespec.features.CgroupFeatures;
import org.felucca.oci.runtimespec.features.Enabled;
import org.felucca.oci.runtimespec.features.Features;
import org.felucca.oci.runtimespec.features.LinuxFeatures;
import org.felucca.oci.runtimespec.features.MemoryPolicyFeatures;
import org.felucca.oci.runtimespec.features.MountExtensions;
import org.felucca.oci.runtimespec.features.SeccompFeatures;
import org.felucca.oci.runtimespec.linux.MemoryPolicyFlag;
import org.felucca.oci.runtimespec.linux.MemoryPolicyMode;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompArch;
import org.felucca.oci.runtimespec.linux.SeccompFlag;
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
        List<String> flags = ids(SeccompFlag.values(), SeccompFlag::id);
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
                        .actions(ids(SeccompAction.values(), SeccompAction::id))
                        .operators(ids(SeccompOperator.values(), SeccompOperator::id))
                        .archs(ids(SeccompArch.values(), SeccompArch::id))
                        .knownFlags(flags)
                        .supportedFlags(flags)
                        .build())
                .apparmor(new Enabled(true))
                .selinux(new Enabled(true))
                .memoryPolicy(new MemoryPolicyFeatures(
                        ids(MemoryPolicyMode.values(), MemoryPolicyMode::id),
                        ids(MemoryPolicyFlag.values(), MemoryPolicyFlag::id)))
                .mountExtensions(new MountExtensions(new Enabled(true)))
                .netDevices(new Enabled(true))
                .build();
        return Features.builder("1.0.0", "1.3.0")
                .hooks(HOOKS)
                .mountOptions(Recognized.mountOptions())
                .linux(linux)
                .build();
    }

    private static <T> List<String> ids(T[] values, Function<T, String> id) {
        return Arrays.stream(values).map(id).toList();
    }
}
