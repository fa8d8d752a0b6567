package org.felucca.runtime.plan.compile;

import java.util.List;
import java.util.Map;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.runtimespec.Hook;
import org.felucca.oci.runtimespec.Hooks;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.runtime.plan.PlanWriter;

/** Hooks, with the state document they read: two holes in it are filled where they run. */
final class HookCompiler {
    /** Stands for the pid in the state document. */
    private static final char PID_HOLE = 1;

    /** Stands for the status in the state document. */
    private static final char STATUS_HOLE = 2;

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
        this.state = hooks.isEmpty() ? "" : state(spec, facts);
    }

    /** Written by hand, because the holes are no JSON; every other control character comes out escaped. */
    private static String state(Spec spec, ContainerFacts facts) {
        StringBuilder text = new StringBuilder("{\"ociVersion\":")
                .append(Json.text(new JsonString(spec.ociVersion())))
                .append(",\"id\":")
                .append(Json.text(new JsonString(facts.id())))
                .append(",\"status\":\"")
                .append(STATUS_HOLE)
                .append("\",\"pid\":")
                .append(PID_HOLE)
                .append(",\"bundle\":")
                .append(Json.text(new JsonString(facts.bundle())));
        if (!spec.annotations().isEmpty()) {
            JsonObject.Builder annotations = JsonObject.builder();
            for (Map.Entry<String, String> entry : spec.annotations().entrySet()) {
                annotations.put(entry.getKey(), entry.getValue());
            }
            text.append(",\"annotations\":").append(Json.text(annotations.build()));
        }
        return text.append('}').toString();
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
