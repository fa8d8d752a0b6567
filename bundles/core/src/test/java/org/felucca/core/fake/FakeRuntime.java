package org.felucca.core.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.RuntimeFeatures;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.runtime.TaskState;
import org.felucca.api.snapshot.SnapshotMount;

/** Tasks without processes: a test says how they end. They outlive this object, as the real ones do. */
public final class FakeRuntime implements RuntimeBackend {
    private final Map<TaskId, FakeTask> tasks;
    private final Faults faults;
    private volatile boolean startsAtOnce = true;
    private volatile Optional<FeluccaException> refusal = Optional.empty();
    private volatile Optional<FeluccaException> anticipationRefusal = Optional.empty();
    private final Set<TaskId> anticipated = ConcurrentHashMap.newKeySet();

    /** Makes a backend without tasks. */
    public FakeRuntime(Faults faults) {
        this(faults, new ConcurrentHashMap<>());
    }

    private FakeRuntime(Faults faults, Map<TaskId, FakeTask> tasks) {
        this.faults = faults;
        this.tasks = tasks;
    }

    /** Returns a new backend over the same host: what an update or a restart makes. */
    public FakeRuntime again() {
        return new FakeRuntime(faults, tasks);
    }

    /** Parks tasks at create, even where they may start. */
    public void park() {
        startsAtOnce = false;
    }

    /** Refuses the next create. */
    public void refuse(FeluccaException failure) {
        refusal = Optional.of(failure);
    }

    /** Returns the ids that it was told of and not asked for yet. */
    public List<TaskId> anticipated() {
        return List.copyOf(anticipated);
    }

    /** Refuses the next announcement of a task. */
    public void refuseToAnticipate(FeluccaException failure) {
        anticipationRefusal = Optional.of(failure);
    }

    /** Returns the task of an id. */
    public FakeTask task(TaskId id) {
        FakeTask task = tasks.get(id);
        if (task == null) {
            throw new AssertionError("no task " + id + " among " + tasks.keySet());
        }
        return task;
    }

    /** Returns the only task there is. */
    public FakeTask only() {
        if (tasks.size() != 1) {
            throw new AssertionError("not one task: " + tasks.keySet());
        }
        return tasks.values().iterator().next();
    }

    /** Loses every trace of a task. */
    public void lose(TaskId id) {
        tasks.remove(id);
    }

    /** Makes a task as if an earlier daemon had. */
    public FakeTask leave(TaskId id, TaskState state) {
        FakeTask task = new FakeTask(id, state, tasks, faults);
        tasks.put(id, task);
        return task;
    }

    @Override
    public RuntimeFeatures features() {
        return new RuntimeFeatures(
                Set.of("linux"),
                Set.of(SnapshotMount.Kind.BIND, SnapshotMount.Kind.OVERLAY),
                Set.of(RuntimeFeatures.Capability.PAUSE, RuntimeFeatures.Capability.UPDATE),
                "1.2.0");
    }

    @Override
    public Task create(TaskRequest request) {
        faults.at("runtime.create");
        if (refusal.isPresent()) {
            FeluccaException failure = refusal.get();
            refusal = Optional.empty();
            throw failure;
        }
        TaskState state = request.startImmediately() && startsAtOnce ? TaskState.RUNNING : TaskState.CREATED;
        FakeTask task = new FakeTask(request.id(), state, tasks, faults);
        task.request(request);
        anticipated.remove(request.id());
        if (tasks.putIfAbsent(request.id(), task) != null) {
            throw new FeluccaException(ErrorCode.ALREADY_EXISTS, "cannot create " + request.id(), "it is there");
        }
        return task;
    }

    @Override
    public void anticipate(TaskId id, List<SnapshotMount> rootfs, boolean ephemeral) {
        if (anticipationRefusal.isPresent()) {
            FeluccaException failure = anticipationRefusal.get();
            anticipationRefusal = Optional.empty();
            throw failure;
        }
        anticipated.add(id);
    }

    @Override
    public void forget(TaskId id) {
        anticipated.remove(id);
    }

    @Override
    public Optional<Task> recover(TaskId id) {
        faults.at("runtime.recover");
        return Optional.ofNullable(tasks.get(id));
    }

    @Override
    public List<TaskId> tasks() {
        return new ArrayList<>(tasks.keySet());
    }
}
