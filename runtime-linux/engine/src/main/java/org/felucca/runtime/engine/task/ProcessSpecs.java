package org.felucca.runtime.engine.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.User;
import org.felucca.oci.runtimespec.linux.Capabilities;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.runtime.engine.user.UserLookup;
import org.felucca.runtime.plan.CapabilityNames;
import org.jspecify.annotations.Nullable;

/** Documents of processes, with what the request says beyond them. */
public final class ProcessSpecs {
    private static final String HOME = "HOME=";

    private ProcessSpecs() {}

    /** Returns the document with the user that was looked up in place of its own; its home is the default of HOME. */
    public static Process withIdentity(Process process, UserLookup.Identity identity) {
        List<String> env = new ArrayList<>(process.env());
        if (env.stream().noneMatch(entry -> entry.startsWith(HOME))) {
            env.add(HOME + identity.home());
        }
        return process.toBuilder().user(user(process.user(), identity)).env(env).build();
    }

    private static User user(User document, UserLookup.Identity identity) {
        List<Long> groups = new ArrayList<>(identity.groups());
        document.additionalGids().stream().filter(gid -> !groups.contains(gid)).forEach(groups::add);
        return document.toBuilder()
                .uid(identity.uid())
                .gid(identity.gid())
                .additionalGids(groups)
                .build();
    }

    /**
     * Returns the document of another process.
     *
     * @param identity the user it names; null for the container's
     */
    public static Process exec(
            Process container, ExecRequest request, UserLookup.@Nullable Identity identity, int lastCapability) {
        Map<String, String> env = new LinkedHashMap<>();
        container.env().forEach(entry -> env.put(name(entry), entry));
        if (identity != null) {
            env.put("HOME", HOME + identity.home());
        }
        request.environment().forEach(entry -> env.put(name(entry), entry));
        Process.Builder builder = container.toBuilder()
                .args(request.args())
                .env(List.copyOf(env.values()))
                .terminal(request.io().terminal());
        if (!request.workingDirectory().isEmpty()) {
            builder.cwd(request.workingDirectory());
        }
        if (identity != null) {
            builder.user(User.builder(identity.uid(), identity.gid())
                    .additionalGids(identity.groups())
                    .umask(container.user().umask())
                    .build());
        }
        if (request.privileged()) {
            List<String> all = IntStream.rangeClosed(0, lastCapability)
                    .mapToObj(CapabilityNames::name)
                    .toList();
            builder.capabilities(Capabilities.builder()
                    .bounding(all)
                    .permitted(all)
                    .effective(all)
                    .inheritable(all)
                    .build());
            builder.noNewPrivileges(false);
        }
        return builder.build();
    }

    private static String name(String entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals);
    }

    /** Returns the container's document without its filter. */
    public static Spec withoutSeccomp(Spec spec) {
        Linux linux = spec.linux();
        return linux == null || linux.seccomp() == null
                ? spec
                : spec.toBuilder()
                        .linux(linux.toBuilder().seccomp(null).build())
                        .build();
    }
}
