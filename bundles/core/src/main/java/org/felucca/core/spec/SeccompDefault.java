package org.felucca.core.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.felucca.core.spec.SeccompProfile.Filter;
import org.felucca.core.spec.SeccompProfile.Rule;
import org.felucca.core.spec.SeccompProfile.Target;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompArch;
import org.felucca.oci.runtimespec.linux.SeccompArg;
import org.felucca.oci.runtimespec.linux.SeccompOperator;
import org.felucca.oci.runtimespec.linux.SeccompSyscall;
import org.jspecify.annotations.Nullable;

/**
 * The profile of containers that ask for none: it lets through what Docker's and containerd's do, refuses the rest with
 * EPERM, and so io_uring, clone3 (with ENOSYS, so that libraries fall back to clone) and sockets of rare families. The
 * resource beside this class lists system calls by subject. Thread-safe; resolved profiles are kept, since nearly all
 * containers have the same capabilities, and a runtime compiles one filter for one document.
 */
final class SeccompDefault {
    private static final String RESOURCE = "seccomp-default.json";
    private static final int KEPT = 64;

    private final Map<Target, Seccomp> resolved = new ConcurrentHashMap<>();
    private volatile @Nullable SeccompProfile profile;

    Seccomp resolve(Target target) {
        Seccomp known = resolved.get(target);
        if (known != null) {
            return known;
        }
        Seccomp fresh = profile().resolve(target);
        if (resolved.size() >= KEPT) {
            resolved.clear();
        }
        resolved.put(target, fresh);
        return fresh;
    }

    private SeccompProfile profile() {
        SeccompProfile current = profile;
        if (current == null) {
            current = load();
            profile = current;
        }
        return current;
    }

    private static SeccompProfile load() {
        byte[] document;
        try (InputStream in = SeccompDefault.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is missing from the bundle");
            }
            document = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + RESOURCE, e);
        }
        ObjectReader object = JsonCursor.of(RESOURCE, document).object();
        List<Rule> rules = new ArrayList<>();
        List<String> always = new ArrayList<>();
        object.map("allow", JsonCursor::string).values().forEach(names -> always.addAll(words(names)));
        rules.add(allow(always, List.of(), Filter.NONE));
        object.map("allowSinceKernel", JsonCursor::string)
                .forEach((kernel, names) -> rules.add(
                        allow(words(names), List.of(), new Filter(List.of(), List.of(), KernelVersion.parse(kernel)))));
        object.map("allowByFirstArgument", SeccompDefault::values)
                .forEach((name, arguments) ->
                        arguments.forEach(argument -> rules.add(allow(List.of(name), List.of(argument), Filter.NONE))));
        object.map("allowOnArchitecture", JsonCursor::string)
                .forEach((architectures, names) ->
                        rules.add(allow(words(names), List.of(), new Filter(List.of(), words(architectures), null))));
        object.map("allowWithCapability", JsonCursor::string)
                .forEach((capability, names) ->
                        rules.add(allow(words(names), List.of(), new Filter(List.of(capability), List.of(), null))));
        rules.addAll(object.list("rules", Rule::read));
        return new SeccompProfile(
                SeccompAction.ERRNO,
                object.required("refuseWithErrno", JsonCursor::uint32),
                List.of(),
                architectures(object),
                List.of(),
                null,
                null,
                rules);
    }

    private static Map<SeccompArch, List<SeccompArch>> architectures(ObjectReader object) {
        Map<SeccompArch, List<SeccompArch>> map = new EnumMap<>(SeccompArch.class);
        object.map("architectures", at -> at.list(SeccompArch::read)).forEach((name, others) -> {
            for (SeccompArch architecture : SeccompArch.values()) {
                if (architecture.id().equals(name)) {
                    map.put(architecture, others);
                }
            }
        });
        return map;
    }

    private static Rule allow(List<String> names, List<SeccompArg> arguments, Filter includes) {
        return new Rule(new SeccompSyscall(names, SeccompAction.ALLOW, null, arguments), includes, Filter.NONE);
    }

    private static List<SeccompArg> values(JsonCursor at) {
        ObjectReader object = at.object();
        List<SeccompArg> arguments = new ArrayList<>();
        Long below = object.optionalUint64("below");
        if (below != null) {
            arguments.add(new SeccompArg(0, below, null, SeccompOperator.LESS_THAN));
        }
        object.list("equal", JsonCursor::uint64)
                .forEach(value -> arguments.add(new SeccompArg(0, value, null, SeccompOperator.EQUAL)));
        return arguments;
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    /** Returns the target of a container. */
    static Target target(HostFacts host, List<String> capabilities) {
        return new Target(host.architecture(), host.kernel(), new HashSet<>(capabilities));
    }
}
