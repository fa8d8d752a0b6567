package org.felucca.runtime.ocicli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.felucca.api.runtime.TaskId;
import org.felucca.runtime.engine.cgroup.TaskCgroup;
import org.felucca.runtime.plan.Plan;
import org.felucca.runtime.plan.PlanWriter;
import org.felucca.runtime.plan.compile.CgroupHierarchy;

/** Launch plans of kind 3: what the monitor asks the program to do. */
final class RuntimePlans {
    /** Directory of the bundle in which the root is mounted. */
    static final String ROOT = "rootfs";

    private static final String CONSOLE = "console.sock";
    private static final String PID_FILE = "init.pid";

    private final RuntimeProgram program;

    RuntimePlans(RuntimeProgram program) {
        this.program = program;
    }

    /** The file in which the program says why it failed. */
    static Path log(Path bundle) {
        return bundle.resolve("runtime.log");
    }

    /**
     * A container: slot 0 is its root, its cgroups follow.
     *
     * @param killRest whether what is left in its cgroup is killed at the end of the first process
     */
    Plan container(TaskId id, Path bundle, TaskCgroup cgroup, boolean terminal, boolean killRest) {
        PlanWriter plan =
                new PlanWriter(Plan.Kind.RUNTIME, 1 + cgroup.directories().size());
        if (killRest) {
            plan.planFlags(PlanWriter.KILL_REST);
        }
        for (CgroupHierarchy hierarchy : cgroup.hierarchies(1)) {
            plan.cgroupEnter(
                    hierarchy.slot(),
                    hierarchy.version(),
                    (hierarchy.memory() ? PlanWriter.CGROUP_MEMORY : 0)
                            | (hierarchy.kill() ? PlanWriter.CGROUP_KILL : 0));
        }
        plan.origin("/root/path").bundleRoot(0, bundle.resolve(ROOT).toString());
        plan.origin("");
        hide(plan);
        List<String> create = new ArrayList<>(List.of(
                "create",
                "--bundle",
                bundle.toString(),
                "--pid-file",
                bundle.resolve(PID_FILE).toString()));
        make(plan, id, bundle, create, PID_FILE, terminal ? CONSOLE : "");
        plan.runtimeStart(bundle.toString(), program.command(id, log(bundle), "start", id.id()), program.environment());
        return plan.build();
    }

    /** One more process, described by a file. */
    Plan exec(TaskId id, Path bundle, String execId, Path process, boolean terminal) {
        PlanWriter plan = new PlanWriter(Plan.Kind.RUNTIME, 0);
        hide(plan);
        String pidFile = fileOf(execId, ".pid");
        List<String> exec = new ArrayList<>(List.of(
                "exec",
                "--detach",
                "--process",
                process.toString(),
                "--pid-file",
                bundle.resolve(pidFile).toString()));
        make(plan, id, bundle, exec, pidFile, terminal ? fileOf(execId, ".sock") : "");
        return plan.build();
    }

    /** Name of a file of one more process; an id has at most 64 characters, and no separator. */
    static String fileOf(String id, String suffix) {
        return "x-" + id + suffix;
    }

    private void make(PlanWriter plan, TaskId id, Path bundle, List<String> command, String pidFile, String console) {
        if (!console.isEmpty()) {
            // the address of a socket is short: the program stands in the bundle, so that its name is enough
            command.addAll(List.of("--console-socket", console));
        }
        command.add(id.id());
        plan.runtimeMake(
                bundle.toString(),
                program.command(id, log(bundle), command.toArray(String[]::new)),
                program.environment(),
                pidFile,
                console);
    }

    private void hide(PlanWriter plan) {
        program.hidden().forEach(plan::hide);
    }
}
