package org.felucca.core.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompArch;
import org.felucca.oci.runtimespec.linux.SeccompArg;
import org.felucca.oci.runtimespec.linux.SeccompFlag;
import org.felucca.oci.runtimespec.linux.SeccompSyscall;
import org.jspecify.annotations.Nullable;

/**
 * A seccomp profile whose rules may depend on architecture, kernel and capabilities (Docker's form, of which the
 * runtime-spec's is a special case), and what it comes to for one container.
 *
 * @param defaultAction for calls without a rule
 * @param defaultErrno error number when that is ERRNO; null if not set
 * @param architectures architectures as given; ignored if there is a map
 * @param architectureMap by native architecture, those that are filtered besides
 * @param flags flags of the call
 * @param listenerPath socket of a notify listener; null if not set
 * @param listenerMetadata text for it; null if not set
 * @param rules rules in order
 */
record SeccompProfile(
        SeccompAction defaultAction,
        @Nullable Long defaultErrno,
        List<SeccompArch> architectures,
        Map<SeccompArch, List<SeccompArch>> architectureMap,
        List<SeccompFlag> flags,
        @Nullable String listenerPath,
        @Nullable String listenerMetadata,
        List<Rule> rules) {
    /** Where a profile is resolved. */
    record Target(String architecture, KernelVersion kernel, Set<String> capabilities) {}

    /** When a rule counts. */
    record Filter(
            List<String> capabilities,
            List<String> architectures,
            @Nullable KernelVersion kernel) {
        static final Filter NONE = new Filter(List.of(), List.of(), null);

        static Filter read(JsonCursor at) {
            ObjectReader object = at.object();
            Filter filter = new Filter(
                    object.strings("caps"),
                    object.strings("arches"),
                    object.optional("minKernel", cursor -> KernelVersion.parse(cursor.nonEmptyString())));
            object.finish();
            return filter;
        }

        /** Whether everything asked for is there. */
        boolean includes(Target target) {
            return target.capabilities().containsAll(capabilities)
                    && (architectures.isEmpty() || architectures.contains(target.architecture()))
                    && (kernel == null || target.kernel().atLeast(kernel));
        }

        /** Whether something to be avoided is there. */
        boolean excludes(Target target) {
            return capabilities.stream().anyMatch(target.capabilities()::contains)
                    || architectures.contains(target.architecture())
                    || (kernel != null && target.kernel().atLeast(kernel));
        }
    }

    /** A rule and when it counts. */
    record Rule(SeccompSyscall syscall, Filter includes, Filter excludes) {
        static Rule read(JsonCursor at) {
            ObjectReader object = at.object();
            List<String> names = new ArrayList<>(object.strings("names"));
            String name = object.optionalString("name");
            if (name != null && !name.isEmpty()) {
                names.add(name);
            }
            object.optionalString("comment");
            Filter includes = object.optional("includes", Filter::read);
            Filter excludes = object.optional("excludes", Filter::read);
            Rule rule = at.as(cursor -> new Rule(
                    new SeccompSyscall(
                            names,
                            object.required("action", SeccompAction::read),
                            object.optionalUint32("errnoRet"),
                            object.list("args", SeccompArg::read)),
                    includes == null ? Filter.NONE : includes,
                    excludes == null ? Filter.NONE : excludes));
            object.optionalString("errno"); // symbolic twin of errnoRet in containers/common's profiles
            object.finish();
            return rule;
        }
    }

    /**
     * Reads a profile as {@code --security-opt seccomp=} takes it.
     *
     * @throws OciFormatException if it is no profile, or has a property nobody knows
     */
    static SeccompProfile parse(byte[] document) {
        JsonCursor root = JsonCursor.of("seccomp profile", document);
        ObjectReader object = root.object();
        Map<SeccompArch, List<SeccompArch>> map = new LinkedHashMap<>();
        object.list("archMap", at -> {
            ObjectReader entry = at.object();
            map.put(
                    entry.required("architecture", SeccompArch::read),
                    entry.list("subArchitectures", SeccompArch::read));
            entry.finish();
            return at;
        });
        List<SeccompArch> architectures = object.list("architectures", SeccompArch::read);
        if (!map.isEmpty() && !architectures.isEmpty()) {
            throw root.error("it has both architectures and archMap", "keep one of them");
        }
        object.optionalString("defaultErrno"); // symbolic twin of defaultErrnoRet
        SeccompProfile profile = new SeccompProfile(
                object.required("defaultAction", SeccompAction::read),
                object.optionalUint32("defaultErrnoRet"),
                architectures,
                map,
                object.list("flags", SeccompFlag::read),
                object.optionalString("listenerPath"),
                object.optionalString("listenerMetadata"),
                object.list("syscalls", Rule::read));
        object.finish();
        if (!root.unknown().isEmpty()) {
            throw new OciFormatException(
                    "seccomp profile", root.unknown().get(0), "nobody knows this property", "remove it");
        }
        return profile;
    }

    /** Returns what the runtime gets. */
    Seccomp resolve(Target target) {
        List<SeccompSyscall> syscalls = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.includes().includes(target) && !rule.excludes().excludes(target)) {
                syscalls.add(rule.syscall());
            }
        }
        List<SeccompArch> filtered = architectures;
        SeccompArch own = ownArchitecture(target.architecture());
        if (own != null && architectureMap.containsKey(own)) {
            filtered = new ArrayList<>();
            filtered.add(own);
            filtered.addAll(architectureMap.get(own));
        }
        return Seccomp.builder(defaultAction)
                .defaultErrnoRet(defaultErrno)
                .architectures(filtered)
                .flags(flags)
                .listenerPath(listenerPath)
                .listenerMetadata(listenerMetadata)
                .syscalls(syscalls)
                .build();
    }

    private static @Nullable SeccompArch ownArchitecture(String architecture) {
        return switch (architecture) {
            case "386" -> SeccompArch.X86;
            case "amd64" -> SeccompArch.X86_64;
            case "arm" -> SeccompArch.ARM;
            case "arm64" -> SeccompArch.AARCH64;
            case "loong64" -> SeccompArch.LOONGARCH64;
            case "mips64" -> SeccompArch.MIPS64;
            case "mips64le" -> SeccompArch.MIPSEL64;
            case "ppc64le" -> SeccompArch.PPC64LE;
            case "riscv64" -> SeccompArch.RISCV64;
            case "s390x" -> SeccompArch.S390X;
            default -> null;
        };
    }
}
