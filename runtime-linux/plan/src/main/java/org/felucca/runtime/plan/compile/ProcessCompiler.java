package org.felucca.runtime.plan.compile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Rlimit;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.User;
import org.felucca.oci.runtimespec.linux.IdMapping;
import org.felucca.oci.runtimespec.linux.IoPriority;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Personality;
import org.felucca.oci.runtimespec.linux.Scheduler;
import org.felucca.oci.runtimespec.linux.SchedulerFlag;
import org.felucca.runtime.plan.PlanWriter;

/** What a process is before it executes its program: the last part of both kinds of plans. */
final class ProcessCompiler {
    private static final Map<String, Integer> RLIMITS = Map.ofEntries(
            Map.entry("RLIMIT_CPU", 0),
            Map.entry("RLIMIT_FSIZE", 1),
            Map.entry("RLIMIT_DATA", 2),
            Map.entry("RLIMIT_STACK", 3),
            Map.entry("RLIMIT_CORE", 4),
            Map.entry("RLIMIT_RSS", 5),
            Map.entry("RLIMIT_NPROC", 6),
            Map.entry("RLIMIT_NOFILE", 7),
            Map.entry("RLIMIT_MEMLOCK", 8),
            Map.entry("RLIMIT_AS", 9),
            Map.entry("RLIMIT_LOCKS", 10),
            Map.entry("RLIMIT_SIGPENDING", 11),
            Map.entry("RLIMIT_MSGQUEUE", 12),
            Map.entry("RLIMIT_NICE", 13),
            Map.entry("RLIMIT_RTPRIO", 14),
            Map.entry("RLIMIT_RTTIME", 15));
    private static final long MOST_GROUPS = 65536;
    private static final int IOPRIO_CLASS_SHIFT = 13;

    private final PlanWriter plan;
    private final Process process;
    private final Linux linux;
    private final HostFacts host;
    private final ContainerFacts facts;
    private final List<Warning> warnings;

    ProcessCompiler(
            PlanWriter plan,
            Process process,
            Linux linux,
            HostFacts host,
            ContainerFacts facts,
            List<Warning> warnings) {
        this.plan = plan;
        this.process = process;
        this.linux = linux;
        this.host = host;
        this.facts = facts;
        this.warnings = warnings;
    }

    /** What is refused before anything is made. */
    void check() {
        if (process.args().isEmpty()) {
            throw SpecProblem.invalid("/process/args", "there is no program to run", "give at least one argument");
        }
        if (process.args().get(0).isEmpty()) {
            throw SpecProblem.invalid("/process/args/0", "the program's name is empty", "name the program");
        }
        if (!process.cwd().startsWith("/")) {
            throw SpecProblem.invalid(
                    "/process/cwd", "'" + process.cwd() + "' is not absolute", "give an absolute path");
        }
        if (process.commandLine() != null) {
            throw SpecProblem.unsupported("/process/commandLine", "it is for Windows", "use args");
        }
        if (process.user().username() != null) {
            throw SpecProblem.unsupported("/process/user/username", "it is for Windows", "use uid and gid");
        }
        User user = process.user();
        checkMapped("/process/user/uid", user.uid(), linux.uidMappings());
        checkMapped("/process/user/gid", user.gid(), linux.gidMappings());
        for (int i = 0; i < user.additionalGids().size(); i++) {
            checkMapped(
                    "/process/user/additionalGids/" + i, user.additionalGids().get(i), linux.gidMappings());
        }
        if (user.additionalGids().size() > MOST_GROUPS) {
            throw SpecProblem.invalid(
                    "/process/user/additionalGids",
                    user.additionalGids().size() + " groups are too many",
                    "give at most " + MOST_GROUPS);
        }
    }

    private static void checkMapped(String pointer, long id, List<IdMapping> mappings) {
        if (mappings.isEmpty()) {
            return;
        }
        for (IdMapping mapping : mappings) {
            if (id >= mapping.containerId() && id < mapping.containerId() + mapping.size()) {
                return;
            }
        }
        throw SpecProblem.invalid(pointer, id + " has no mapping in the user namespace", "extend the id mappings");
    }

    void emitConsole(boolean bindDevConsole) {
        facts.terminal().ifPresent(terminal -> {
            plan.origin("/process/terminal");
            plan.console(
                    terminal.rows(),
                    terminal.columns(),
                    (int) process.user().uid(),
                    -1,
                    bindDevConsole ? PlanWriter.CONSOLE_BIND_DEV_CONSOLE : 0);
        });
    }

    /** Everything up to the program's first instruction. */
    void emit(Spec spec) {
        emitLimits();
        emitLabels();
        emitScheduling();
        boolean filterFirst = !process.noNewPrivileges();
        if (filterFirst) {
            emitSeccomp(spec);
        }
        emitIdentity();
        if (!filterFirst) {
            plan.origin("/process/noNewPrivileges").noNewPrivs();
            emitSeccomp(spec);
        }
        List<String> args = process.args();
        plan.origin("/process/args")
                .exec(args.get(0), args, process.env(), facts.reaper() ? PlanWriter.EXEC_REAPER : 0);
    }

    private void emitLimits() {
        List<Rlimit> rlimits = process.rlimits();
        for (int i = 0; i < rlimits.size(); i++) {
            Rlimit rlimit = rlimits.get(i);
            Integer number = RLIMITS.get(rlimit.type());
            if (number == null) {
                throw SpecProblem.invalid(
                        "/process/rlimits/" + i + "/type",
                        "there is no limit '" + rlimit.type() + "'",
                        "write it as RLIMIT_NOFILE");
            }
            plan.origin("/process/rlimits/" + i).next(PlanWriter.CLAMP).rlimit(number, rlimit.soft(), rlimit.hard());
        }
        Integer adjustment = process.oomScoreAdj();
        if (adjustment != null) {
            plan.origin("/process/oomScoreAdj").next(PlanWriter.CLAMP).oomScoreAdj(adjustment);
        }
    }

    private void emitLabels() {
        String profile = process.apparmorProfile();
        if (profile != null && !profile.isEmpty()) {
            if (host.appArmor()) {
                plan.origin("/process/apparmorProfile").label(PlanWriter.LABEL_APPARMOR, profile);
            } else if (!profile.equals("unconfined")) {
                throw SpecProblem.unsupported(
                        "/process/apparmorProfile", "AppArmor is not live on this host", "remove '" + profile + "'");
            }
        }
        String label = process.selinuxLabel();
        if (label != null && !label.isEmpty()) {
            if (!host.seLinux()) {
                throw SpecProblem.unsupported(
                        "/process/selinuxLabel", "SELinux is not live on this host", "remove '" + label + "'");
            }
            plan.origin("/process/selinuxLabel").label(PlanWriter.LABEL_SELINUX_EXEC, label);
        }
    }

    private void emitScheduling() {
        Personality personality = linux.personality();
        if (personality != null) {
            if (!personality.flags().isEmpty()) {
                throw SpecProblem.unsupported("/linux/personality/flags", "no flag is defined", "remove them");
            }
            plan.origin("/linux/personality")
                    .personality(
                            switch (personality.domain()) {
                                case LINUX -> 0;
                                case LINUX32 -> 8;
                            });
        }
        if (process.scheduler() != null) {
            emitScheduler(process.scheduler());
        }
        if (linux.memoryPolicy() != null) {
            MemoryPolicies.emit(plan, linux.memoryPolicy());
        }
        IoPriority io = process.ioPriority();
        if (io != null) {
            int ioClass = switch (io.ioClass()) {
                case REALTIME -> 1;
                case BEST_EFFORT -> 2;
                case IDLE -> 3;
            };
            plan.origin("/process/ioPriority").ioPriority(ioClass << IOPRIO_CLASS_SHIFT | io.priority());
        }
    }

    private void emitScheduler(Scheduler scheduler) {
        int policy = switch (scheduler.policy()) {
            case OTHER -> 0;
            case FIFO -> 1;
            case RR -> 2;
            case BATCH -> 3;
            case ISO -> 4;
            case IDLE -> 5;
            case DEADLINE -> 6;
        };
        long flags = 0;
        for (SchedulerFlag flag : scheduler.flags()) {
            flags |= switch (flag) {
                case RESET_ON_FORK -> 0x01;
                case RECLAIM -> 0x02;
                case DL_OVERRUN -> 0x04;
                case KEEP_POLICY -> 0x08;
                case KEEP_PARAMS -> 0x10;
                case UTIL_CLAMP_MIN -> 0x20;
                case UTIL_CLAMP_MAX -> 0x40;
            };
        }
        plan.origin("/process/scheduler")
                .scheduler(
                        policy,
                        scheduler.nice() == null ? 0 : scheduler.nice(),
                        scheduler.priority() == null ? 0 : scheduler.priority(),
                        flags,
                        scheduler.runtime() == null ? 0 : scheduler.runtime(),
                        scheduler.deadline() == null ? 0 : scheduler.deadline(),
                        scheduler.period() == null ? 0 : scheduler.period());
    }

    private void emitSeccomp(Spec spec) {
        if (linux.seccomp() != null) {
            SeccompFilter filter = facts.seccomp()
                    .orElseThrow(() -> new FeluccaException(
                            ErrorCode.INTERNAL, "cannot compile /linux/seccomp", "its filter was not prepared"));
            int flags = filter.flags();
            String listener = linux.seccomp().listenerPath();
            if (listener != null && SeccompNotify.isUsed(linux.seccomp())) {
                flags = (flags | PlanWriter.SECCOMP_NEW_LISTENER) & ~PlanWriter.SECCOMP_TSYNC;
                plan.origin("/linux/seccomp/listenerPath")
                        .seccompListener(
                                listener,
                                StateDocument.process(
                                        spec, facts, linux.seccomp().listenerMetadata()));
            }
            plan.origin("/linux/seccomp").seccomp(flags, filter.program());
        }
    }

    /** The directory is entered with the runtime's rights; who may not search it later is not thrown out. */
    private void emitIdentity() {
        User user = process.user();
        boolean root = user.uid() == 0;
        plan.origin("/process/cwd").cwd(process.cwd(), PlanWriter.CWD_CREATE | (root ? 0 : PlanWriter.CWD_EACCES_OK));
        Long umask = user.umask();
        if (umask != null) {
            plan.origin("/process/user/umask").umask((int) (umask & 0777));
        }
        CapabilityCompiler capabilities =
                new CapabilityCompiler(process.capabilities(), host.lastCapability(), warnings);
        plan.origin("/process/user")
                .next(PlanWriter.CLAMP)
                .credentials(
                        (int) user.uid(),
                        (int) user.gid(),
                        groups(user.additionalGids()),
                        capabilities.bounding,
                        capabilities.permitted,
                        capabilities.effective,
                        capabilities.inheritable,
                        capabilities.ambient,
                        0);
        if (!root) {
            plan.origin("/process/cwd").cwd(process.cwd(), 0);
        }
    }

    private static byte[] groups(List<Long> ids) {
        List<Long> distinct = new ArrayList<>(ids.size());
        for (Long id : ids) {
            if (!distinct.contains(id)) {
                distinct.add(id);
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(4 * distinct.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (Long id : distinct) {
            bytes.putInt(id.intValue());
        }
        return bytes.array();
    }
}
