package org.felucca.runtime.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompArg;
import org.felucca.oci.runtimespec.linux.SeccompFlag;
import org.felucca.oci.runtimespec.linux.SeccompSyscall;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.seccomp.SeccompAction;
import org.felucca.posix.seccomp.SeccompCompiler;
import org.felucca.posix.seccomp.SeccompProfile;
import org.felucca.posix.seccomp.SeccompProgram;
import org.felucca.runtime.plan.compile.SeccompFilter;
import org.felucca.runtime.plan.compile.SpecProblem;
import org.jspecify.annotations.Nullable;

/** Filters by profile: compiled once, kept for the next container that has the same. Thread-safe. */
public final class SeccompFilters {
    private static final int KEPT = 64;
    private static final int EPERM = 1;

    private final Map<Seccomp, SeccompFilter> compiled = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Seccomp, SeccompFilter> eldest) {
            return size() > KEPT;
        }
    };

    private @Nullable SeccompCompiler compiler;
    /** Nearly all containers have one and the same profile, whose hash code takes all of its names. */
    private volatile @Nullable Latest latest;

    private record Latest(Seccomp profile, SeccompFilter filter) {}

    /** Compiles, or takes what is there. */
    @SuppressWarnings("ReferenceEquality") // a shortcut: another equal profile is found by its hash code
    public SeccompFilter filter(Seccomp profile) {
        Latest last = latest;
        if (last != null && last.profile == profile) {
            return last.filter;
        }
        SeccompFilter filter = find(profile);
        latest = new Latest(profile, filter);
        return filter;
    }

    private SeccompFilter find(Seccomp profile) {
        synchronized (compiled) {
            SeccompFilter known = compiled.get(profile);
            if (known != null) {
                return known;
            }
        }
        SeccompFilter filter = compile(profile);
        synchronized (compiled) {
            compiled.put(profile, filter);
        }
        return filter;
    }

    private synchronized SeccompCompiler compiler() {
        if (compiler == null) {
            compiler = SeccompCompiler.load()
                    .orElseThrow(() -> SpecProblem.unsupported(
                            "/linux/seccomp", "libseccomp is not installed", "install libseccomp2"));
        }
        return compiler;
    }

    private SeccompFilter compile(Seccomp profile) {
        List<String> architectures = profile.architectures().stream()
                .map(architecture ->
                        architecture.id().substring("SCMP_ARCH_".length()).toLowerCase(Locale.ROOT))
                .toList();
        List<SeccompProfile.Rule> rules = new ArrayList<>();
        for (int i = 0; i < profile.syscalls().size(); i++) {
            rules.add(rule(profile.syscalls().get(i)));
        }
        SeccompAction fallback = action(profile.defaultAction(), profile.defaultErrnoRet());
        try {
            SeccompProgram program = compiler().compile(new SeccompProfile(fallback, architectures, rules));
            return new SeccompFilter(program.bytes(), flags(profile.flags()));
        } catch (PosixException | IllegalArgumentException e) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid container configuration at /linux/seccomp",
                    String.valueOf(e.getMessage()),
                    null,
                    e);
        }
    }

    private static SeccompProfile.Rule rule(SeccompSyscall syscall) {
        List<SeccompProfile.Condition> conditions = new ArrayList<>();
        for (SeccompArg arg : syscall.args()) {
            SeccompProfile.Comparison comparison = switch (arg.op()) {
                case NOT_EQUAL -> SeccompProfile.Comparison.NOT_EQUAL;
                case LESS_THAN -> SeccompProfile.Comparison.LESS;
                case LESS_OR_EQUAL -> SeccompProfile.Comparison.LESS_OR_EQUAL;
                case EQUAL -> SeccompProfile.Comparison.EQUAL;
                case GREATER_OR_EQUAL -> SeccompProfile.Comparison.GREATER_OR_EQUAL;
                case GREATER_THAN -> SeccompProfile.Comparison.GREATER;
                case MASKED_EQUAL -> SeccompProfile.Comparison.MASKED_EQUAL;
            };
            long second = arg.valueTwo() == null ? 0 : arg.valueTwo();
            conditions.add(new SeccompProfile.Condition((int) arg.index(), comparison, arg.value(), second));
        }
        return new SeccompProfile.Rule(syscall.names(), action(syscall.action(), syscall.errnoRet()), conditions);
    }

    private static SeccompAction action(org.felucca.oci.runtimespec.linux.SeccompAction action, @Nullable Long errno) {
        int data = errno == null ? EPERM : (int) Math.min(errno, 0xffff);
        return switch (action) {
            case KILL, KILL_THREAD -> SeccompAction.KILL_THREAD;
            case KILL_PROCESS -> SeccompAction.KILL_PROCESS;
            case TRAP -> SeccompAction.TRAP;
            case ERRNO -> SeccompAction.errno(data);
            case TRACE -> SeccompAction.trace(errno == null ? 0 : data);
            case ALLOW -> SeccompAction.ALLOW;
            case LOG -> SeccompAction.LOG;
            case NOTIFY -> SeccompAction.NOTIFY;
        };
    }

    private static int flags(List<SeccompFlag> flags) {
        int bits = 0;
        for (SeccompFlag flag : flags) {
            bits |= switch (flag) {
                case TSYNC -> 1;
                case LOG -> 2;
                case SPEC_ALLOW -> 4;
                case WAIT_KILLABLE_RECV -> 32;
            };
        }
        return bits;
    }

    /** Returns the filter of a configuration, if it has one. */
    public Optional<SeccompFilter> filter(org.felucca.oci.runtimespec.Spec spec) {
        if (spec.linux() == null || spec.linux().seccomp() == null) {
            return Optional.empty();
        }
        return Optional.of(filter(spec.linux().seccomp()));
    }
}
