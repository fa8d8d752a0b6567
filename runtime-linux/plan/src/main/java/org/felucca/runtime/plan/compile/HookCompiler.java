package org.felucca.runtime.plan.compile;

import java.util.List;
import org.felucca.oci.runtimespec.Hook;
import org.felucca.oci.runtimespec.Hooks;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.runtime.plan.PlanWriter;

/** Hooks, with the state document they read: two holes in it are filled where they run. */
final class HookCompiler {
    private static final int PRESTART = 1;
    private static final int CREATE_RUNTIME = 2;
    private static final int CREATE_CONTAINER = 3;
    private static final int START_CONTAINER = 4;
    private static final int POSTSTART = 5;
    private static final int POSTSTOP = 6;

    private final Hooks hooks;
    private final String state;

    HookCompiler(Spec spec, ContainerFacts facts) {
        this.hooks = spec.hooks() == null ? Hooks.NONE : spec.hooks();
        this.state = hooks.isEmpty() ? "" : StateDocument.container(spec, facts);
    }

    /** Whether a hook has to run while the container's root is not yet the root. */
    boolean beforePivot() {
        return beforeCreated() || !hooks.createContainer().isEmpty();
    }

    private boolean beforeCreated() {
        return !hooks.prestart().isEmpty() || !hooks.createRuntime().isEmpty();
    }

    /** @return whether a barrier was passed */
    boolean emitCreate(PlanWriter plan) {
        if (!beforePivot()) {
            return false;
        }
        plan.origin("/hooks").sync();
        if (beforeCreated()) {
            emit(plan, PRESTART, "/hooks/prestart/", hooks.prestart());
            emit(plan, CREATE_RUNTIME, "/hooks/createRuntime/", hooks.createRuntime());
            plan.origin("/hooks").sync();
        }
        emit(plan, CREATE_CONTAINER, "/hooks/createContainer/", hooks.createContainer());
        return true;
    }

    void emitStart(PlanWriter plan) {
        emit(plan, START_CONTAINER, "/hooks/startContainer/", hooks.startContainer());
    }

    void emitAfterExec(PlanWriter plan) {
        emit(plan, POSTSTART, "/hooks/poststart/", hooks.poststart());
        emit(plan, POSTSTOP, "/hooks/poststop/", hooks.poststop());
    }

    private void emit(PlanWriter plan, int stage, String pointer, List<Hook> list) {
        for (int i = 0; i < list.size(); i++) {
            Hook hook = list.get(i);
            Integer seconds = hook.timeout();
            List<String> args = hook.args().isEmpty() ? List.of(hook.path()) : hook.args();
            long millis = seconds == null ? 0 : Math.min(seconds * 1000L, Integer.MAX_VALUE);
            plan.origin(pointer + i).hook(stage, hook.path(), args, hook.env(), (int) millis, state);
        }
    }
}
