package org.felucca.posix.seccomp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.NativeLibrary;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.memfd.MemoryFile;
import org.felucca.posix.seccomp.SeccompProfile.Condition;
import org.felucca.posix.seccomp.SeccompProfile.Rule;

/**
 * Compiles profiles to classic BPF, as {@code seccomp(2)} takes it. A compilation takes milliseconds: callers keep
 * the result by the profile's digest. Thread-safe.
 */
public final class SeccompCompiler {

    static final int X86_64 = 0xC000003E;

    private static final String LIBRARY = "libseccomp.so.2";
    private static final String NATIVE = "x86_64";
    private static final String X32 = "x32";
    private static final int ATTRIBUTE_OPTIMIZE = 8;
    private static final int BINARY_TREE = 2;
    /** Calls of x86 that stand for many, which libseccomp tells apart by their first argument. */
    private static final Set<String> MULTIPLEXERS = Set.of("socketcall", "ipc");

    private static final int CONDITION_SIZE = 24;
    private static final int UNKNOWN = -1;
    private static final int EEXIST = -17;
    private static final int BUFFER = 64 * 1024;
    private static final int INSTRUCTION = 8;
    private static final int MOST_INSTRUCTIONS = 4096;

    private final long init;
    private final long release;
    private final long addArchitecture;
    private final long resolveArchitecture;
    private final long resolveName;
    private final long addRule;
    private final long setAttribute;
    private final long export;

    private SeccompCompiler(NativeLibrary library) {
        init = library.function("seccomp_init");
        release = library.function("seccomp_release");
        addArchitecture = library.function("seccomp_arch_add");
        resolveArchitecture = library.function("seccomp_arch_resolve_name");
        resolveName = library.function("seccomp_syscall_resolve_name_arch");
        addRule = library.function("seccomp_rule_add_array");
        setAttribute = library.function("seccomp_attr_set");
        export = library.function("seccomp_export_bpf");
    }

    /** A compiler, where the host has libseccomp 2. */
    public static Optional<SeccompCompiler> load() {
        return NativeLibrary.open(LIBRARY).map(SeccompCompiler::new);
    }

    /**
     * Compiles.
     *
     * <p>A rule whose action is the default one adds nothing. A name that no architecture has is passed over and
     * reported: profiles are written for more kernels than one.
     *
     * @return the program
     * @throws IllegalArgumentException if an architecture is unknown, a rule for a call newer than libseccomp has
     *     conditions, or the program has more instructions than the kernel takes
     * @throws PosixException if libseccomp refuses a rule
     */
    public SeccompProgram compile(SeccompProfile profile) {
        long context = NativeLibrary.call(init, profile.defaultAction().code() & 0xFFFFFFFFL);
        if (context == 0) {
            throw new IllegalArgumentException("not a default action: 0x"
                    + Integer.toHexString(profile.defaultAction().code()));
        }
        try {
            Set<String> architectures = new LinkedHashSet<>(List.of(NATIVE));
            architectures.addAll(profile.architectures());
            check(
                    (int) NativeLibrary.call(setAttribute, context, ATTRIBUTE_OPTIMIZE, BINARY_TREE, 0, 0, 0),
                    "optimize");
            for (String architecture : architectures) {
                int result = (int) NativeLibrary.call(addArchitecture, context, token(architecture), 0, 0, 0, 0);
                check(result == EEXIST ? 0 : result, architecture);
            }
            Calls calls = resolve(profile, architectures);
            return new SeccompProgram(join(prefix(profile, calls, context), context), calls.unknown);
        } finally {
            NativeLibrary.call(release, context);
        }
    }

    /** A name's number on one architecture. @param number -1 if it has none, less if libseccomp rewrites the call */
    private record Target(int audit, boolean x32, int number) {}

    /** The rules by name, and what the names are. */
    private static final class Calls {
        private final Map<String, List<Rule>> rules = new LinkedHashMap<>();
        private final Map<String, List<Target>> targets = new LinkedHashMap<>();
        private final Set<String> newer = new HashSet<>();
        private final List<String> unknown = new ArrayList<>();

        /** Whether the number alone decides: one rule, no conditions, and a number of its own wherever it exists. */
        boolean simple(String name) {
            List<Rule> all = rules.getOrDefault(name, List.of());
            return !MULTIPLEXERS.contains(name)
                    && all.size() == 1
                    && all.get(0).conditions().isEmpty()
                    && targets.getOrDefault(name, List.of()).stream().allMatch(target -> target.number >= UNKNOWN);
        }
    }

    private Calls resolve(SeccompProfile profile, Set<String> architectures) {
        Calls calls = new Calls();
        for (Rule rule : profile.rules()) {
            for (String name : rule.names()) {
                List<Target> targets = calls.targets.computeIfAbsent(name, key -> targets(key, architectures, calls));
                if (targets.stream().allMatch(target -> target.number == UNKNOWN)) {
                    calls.unknown.add(name);
                    continue;
                }
                if (calls.newer.contains(name) && !rule.conditions().isEmpty()) {
                    throw new IllegalArgumentException(
                            "system call " + name + " is newer than libseccomp: a rule for it cannot have conditions");
                }
                calls.rules.computeIfAbsent(name, key -> new ArrayList<>()).add(rule);
            }
        }
        return calls;
    }

    private List<Target> targets(String name, Set<String> architectures, Calls calls) {
        List<Target> targets = new ArrayList<>();
        for (String architecture : architectures) {
            int token = token(architecture);
            boolean x32 = architecture.equals(X32);
            long text = Scratch.begin().string(name);
            int number = (int) NativeLibrary.call(resolveName, token & 0xFFFFFFFFL, text, 0, 0, 0, 0);
            if (number == UNKNOWN && NewerSyscalls.number(name) >= 0) {
                number = NewerSyscalls.number(name) | (x32 ? 0x40000000 : 0);
                calls.newer.add(name);
            }
            targets.add(new Target(x32 ? X86_64 : token, x32, number));
        }
        return targets;
    }

    /** Decides in the prefix what the number decides, and tells libseccomp the rest. */
    private FilterPrefix prefix(SeccompProfile profile, Calls calls, long context) {
        SeccompAction fallback = profile.defaultAction();
        boolean enosys = !fallback.permits() && !fallback.equals(SeccompAction.errno(38));
        FilterPrefix prefix = new FilterPrefix(enosys);
        calls.rules.forEach((name, rules) -> {
            boolean simple = calls.simple(name) || calls.newer.contains(name);
            for (Target target : calls.targets.getOrDefault(name, List.of())) {
                if (target.number < 0) {
                    continue;
                }
                if (simple) {
                    prefix.answer(
                            target.audit,
                            target.x32,
                            target.number,
                            rules.get(0).action());
                } else {
                    prefix.leave(target.audit, target.x32, target.number);
                }
            }
            if (!simple) {
                rules.stream()
                        .filter(rule -> !rule.action().equals(fallback))
                        .forEach(rule -> addToLibrary(context, rule, name));
            }
        });
        return prefix;
    }

    private void addToLibrary(long context, Rule rule, String name) {
        Set<Integer> arguments = new HashSet<>();
        boolean alternatives = rule.conditions().stream().anyMatch(condition -> !arguments.add(condition.argument()));
        if (alternatives) {
            rule.conditions().forEach(condition -> addToLibrary(context, rule.action(), name, List.of(condition)));
        } else {
            addToLibrary(context, rule.action(), name, rule.conditions());
        }
    }

    private void addToLibrary(long context, SeccompAction action, String name, List<Condition> conditions) {
        Scratch scratch = Scratch.begin();
        long text = scratch.string(name);
        int number = (int) NativeLibrary.call(resolveName, X86_64 & 0xFFFFFFFFL, text, 0, 0, 0, 0);
        if (number == UNKNOWN) {
            return;
        }
        long array = scratch.reserve(Math.max(1, conditions.size()) * CONDITION_SIZE);
        for (int i = 0; i < conditions.size(); i++) {
            Condition condition = conditions.get(i);
            long at = array + (long) i * CONDITION_SIZE;
            Scratch.putInt(at, condition.argument());
            Scratch.putInt(at + 4, condition.comparison().code());
            Scratch.putLong(at + 8, condition.value());
            Scratch.putLong(at + 16, condition.second());
        }
        int result = (int)
                NativeLibrary.call(addRule, context, action.code() & 0xFFFFFFFFL, number, conditions.size(), array, 0);
        check(result == EEXIST ? 0 : result, name);
    }

    private byte[] join(FilterPrefix prefix, long context) {
        ByteArrayOutputStream program = new ByteArrayOutputStream();
        program.writeBytes(prefix.assemble());
        try (Fd file = MemoryFile.create("seccomp")) {
            check((int) NativeLibrary.call(export, context, file.raw(), 0, 0, 0, 0), "export");
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
            Io.seek(file, 0);
            while (Io.read(file, buffer) > 0) {
                byte[] bytes = new byte[buffer.flip().remaining()];
                buffer.get(bytes);
                program.writeBytes(bytes);
                buffer.clear();
            }
        }
        if (program.size() / INSTRUCTION > MOST_INSTRUCTIONS) {
            throw new IllegalArgumentException("the profile compiles to " + program.size() / INSTRUCTION
                    + " instructions, the kernel takes " + MOST_INSTRUCTIONS);
        }
        return program.toByteArray();
    }

    private int token(String architecture) {
        long text = Scratch.begin().string(architecture);
        int token = (int) NativeLibrary.call(resolveArchitecture, text);
        if (token == 0) {
            throw new IllegalArgumentException("unknown architecture " + architecture);
        }
        return token;
    }

    private static void check(int result, String what) {
        if (result < 0) {
            throw new PosixException(-result, "seccomp", what);
        }
    }
}
