package org.felucca.oci.runtimespec;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.runtimespec.linux.Capabilities;
import org.felucca.oci.runtimespec.linux.CpuAffinity;
import org.felucca.oci.runtimespec.linux.IoPriority;
import org.felucca.oci.runtimespec.linux.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The process a container runs.
 *
 * @param terminal whether it gets a terminal
 * @param consoleSize size of the terminal; null if not set
 * @param user whose rights it has
 * @param args program and arguments
 * @param commandLine Windows: the whole command line instead of args; null if not set
 * @param env environment, NAME=value
 * @param cwd working directory, absolute
 * @param capabilities capability sets; null if not set
 * @param rlimits limits, each type once
 * @param noNewPrivileges whether execve can grant nothing
 * @param apparmorProfile AppArmor profile; null if not set
 * @param oomScoreAdj -1000 to 1000; null if not set
 * @param scheduler scheduling attributes; null if not set
 * @param selinuxLabel SELinux label; null if not set
 * @param ioPriority I/O priority; null if not set
 * @param execCpuAffinity CPUs of exec processes; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#process">runtime-spec, process</a>
 */
public record Process(
        boolean terminal,
        @Nullable ConsoleSize consoleSize,
        User user,
        List<String> args,
        @Nullable String commandLine,
        List<String> env,
        String cwd,
        @Nullable Capabilities capabilities,
        List<Rlimit> rlimits,
        boolean noNewPrivileges,
        @Nullable String apparmorProfile,
        @Nullable Integer oomScoreAdj,
        @Nullable Scheduler scheduler,
        @Nullable String selinuxLabel,
        @Nullable IoPriority ioPriority,
        @Nullable CpuAffinity execCpuAffinity) {
    /**
     * @throws OciFormatException if a limit is given twice or oomScoreAdj is out of range
     */
    public Process {
        args = List.copyOf(args);
        env = List.copyOf(env);
        rlimits = List.copyOf(rlimits);
        Set<String> seen = new HashSet<>();
        for (Rlimit rlimit : rlimits) {
            if (!seen.add(rlimit.type())) {
                throw new OciFormatException(
                        "process", null, "limit " + rlimit.type() + " is given twice", "keep one of them");
            }
        }
        if (oomScoreAdj != null && (oomScoreAdj < -1000 || oomScoreAdj > 1000)) {
            throw new OciFormatException(
                    "process", null, "oomScoreAdj " + oomScoreAdj + " is out of range", "use -1000 to 1000");
        }
    }

    /** A builder with the required parts. */
    public static Builder builder(User user, String cwd) {
        return new Builder(user, cwd);
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder(user, cwd);
        builder.terminal = terminal;
        builder.consoleSize = consoleSize;
        builder.args = args;
        builder.commandLine = commandLine;
        builder.env = env;
        builder.capabilities = capabilities;
        builder.rlimits = rlimits;
        builder.noNewPrivileges = noNewPrivileges;
        builder.apparmorProfile = apparmorProfile;
        builder.oomScoreAdj = oomScoreAdj;
        builder.scheduler = scheduler;
        builder.selinuxLabel = selinuxLabel;
        builder.ioPriority = ioPriority;
        builder.execCpuAffinity = execCpuAffinity;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Process read(JsonCursor at) {
        ObjectReader object = at.object();
        Process result = at.as(cursor -> new Process(
                object.flag("terminal"),
                object.optional("consoleSize", ConsoleSize::read),
                object.required("user", User::read),
                object.strings("args"),
                object.optionalString("commandLine"),
                object.strings("env"),
                object.required("cwd", JsonCursor::nonEmptyString),
                object.optional("capabilities", Capabilities::read),
                object.list("rlimits", Rlimit::read),
                object.flag("noNewPrivileges"),
                object.optionalString("apparmorProfile"),
                object.optionalInt32("oomScoreAdj"),
                object.optional("scheduler", Scheduler::read),
                object.optionalString("selinuxLabel"),
                object.optional("ioPriority", IoPriority::read),
                object.optional("execCPUAffinity", CpuAffinity::read)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .flag("terminal", terminal)
                .optional("consoleSize", consoleSize, ConsoleSize::toJson)
                .put("user", user.toJson())
                .strings("args", args)
                .optional("commandLine", commandLine)
                .strings("env", env)
                .put("cwd", cwd)
                .optional("capabilities", capabilities, Capabilities::toJson)
                .array("rlimits", rlimits, Rlimit::toJson)
                .flag("noNewPrivileges", noNewPrivileges)
                .optional("apparmorProfile", apparmorProfile)
                .optional("oomScoreAdj", oomScoreAdj)
                .optional("scheduler", scheduler, Scheduler::toJson)
                .optional("selinuxLabel", selinuxLabel)
                .optional("ioPriority", ioPriority, IoPriority::toJson)
                .optional("execCPUAffinity", execCpuAffinity, CpuAffinity::toJson)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private boolean terminal;
        private @Nullable ConsoleSize consoleSize;
        private User user;
        private List<String> args = List.of();
        private @Nullable String commandLine;
        private List<String> env = List.of();
        private String cwd;
        private @Nullable Capabilities capabilities;
        private List<Rlimit> rlimits = List.of();
        private boolean noNewPrivileges;
        private @Nullable String apparmorProfile;
        private @Nullable Integer oomScoreAdj;
        private @Nullable Scheduler scheduler;
        private @Nullable String selinuxLabel;
        private @Nullable IoPriority ioPriority;
        private @Nullable CpuAffinity execCpuAffinity;

        private Builder(User user, String cwd) {
            this.user = user;
            this.cwd = cwd;
        }

        /** See {@link Process#terminal()}. */
        public Builder terminal(boolean value) {
            this.terminal = value;
            return this;
        }

        /** See {@link Process#consoleSize()}. */
        public Builder consoleSize(@Nullable ConsoleSize value) {
            this.consoleSize = value;
            return this;
        }

        /** See {@link Process#user()}. */
        public Builder user(User value) {
            this.user = value;
            return this;
        }

        /** See {@link Process#args()}. */
        public Builder args(List<String> value) {
            this.args = value;
            return this;
        }

        /** See {@link Process#commandLine()}. */
        public Builder commandLine(@Nullable String value) {
            this.commandLine = value;
            return this;
        }

        /** See {@link Process#env()}. */
        public Builder env(List<String> value) {
            this.env = value;
            return this;
        }

        /** See {@link Process#cwd()}. */
        public Builder cwd(String value) {
            this.cwd = value;
            return this;
        }

        /** See {@link Process#capabilities()}. */
        public Builder capabilities(@Nullable Capabilities value) {
            this.capabilities = value;
            return this;
        }

        /** See {@link Process#rlimits()}. */
        public Builder rlimits(List<Rlimit> value) {
            this.rlimits = value;
            return this;
        }

        /** See {@link Process#noNewPrivileges()}. */
        public Builder noNewPrivileges(boolean value) {
            this.noNewPrivileges = value;
            return this;
        }

        /** See {@link Process#apparmorProfile()}. */
        public Builder apparmorProfile(@Nullable String value) {
            this.apparmorProfile = value;
            return this;
        }

        /** See {@link Process#oomScoreAdj()}. */
        public Builder oomScoreAdj(@Nullable Integer value) {
            this.oomScoreAdj = value;
            return this;
        }

        /** See {@link Process#scheduler()}. */
        public Builder scheduler(@Nullable Scheduler value) {
            this.scheduler = value;
            return this;
        }

        /** See {@link Process#selinuxLabel()}. */
        public Builder selinuxLabel(@Nullable String value) {
            this.selinuxLabel = value;
            return this;
        }

        /** See {@link Process#ioPriority()}. */
        public Builder ioPriority(@Nullable IoPriority value) {
            this.ioPriority = value;
            return this;
        }

        /** See {@link Process#execCpuAffinity()}. */
        public Builder execCpuAffinity(@Nullable CpuAffinity value) {
            this.execCpuAffinity = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Process build() {
            return new Process(
                    terminal,
                    consoleSize,
                    user,
                    args,
                    commandLine,
                    env,
                    cwd,
                    capabilities,
                    rlimits,
                    noNewPrivileges,
                    apparmorProfile,
                    oomScoreAdj,
                    scheduler,
                    selinuxLabel,
                    ioPriority,
                    execCpuAffinity);
        }
    }
}
