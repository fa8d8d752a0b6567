package org.felucca.core.record;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskState;
import org.felucca.core.turn.Turn;
import org.jspecify.annotations.Nullable;

/**
 * A container at present: its record, its task and its next end. Whoever changes it holds its {@link #turn()}; anybody
 * may read it at any time.
 */
public final class Entry {
    private final ContainerKey key;
    private final Turn turn = new Turn();
    private volatile ContainerRecord record;
    private volatile @Nullable Task task;
    private volatile boolean unrecovered;
    private volatile boolean removing;
    private volatile boolean gone;
    private volatile String note = "";
    private volatile CompletableFuture<TaskExit> ended = new CompletableFuture<>();

    /** Makes the entry of a record. */
    public Entry(ContainerRecord record) {
        this.key = record.key();
        this.record = record;
        record.lastExit().ifPresent(exit -> ended = CompletableFuture.completedFuture(exit));
    }

    /** Returns its identity. */
    public ContainerKey key() {
        return key;
    }

    /** Returns the right to change it. */
    public Turn turn() {
        return turn;
    }

    /** Returns its record. */
    public ContainerRecord record() {
        return record;
    }

    /** Sets its record. */
    public void record(ContainerRecord newRecord) {
        record = newRecord;
    }

    /** Returns its task; null if there is none, or if the backend that has it is not live. */
    public @Nullable Task task() {
        return task;
    }

    /** Sets its task. */
    public void task(@Nullable Task newTask) {
        task = newTask;
    }

    /** Returns {@code true} if an earlier daemon, or an earlier life of its backend, may have left a task of it. */
    public boolean unrecovered() {
        return unrecovered;
    }

    /** Says whether there may be a task that was not recovered yet. */
    public void unrecovered(boolean maybe) {
        unrecovered = maybe;
    }

    /** Says that it is being removed, or that the removal failed. */
    public void removing(boolean now) {
        removing = now;
    }

    /** Returns {@code true} if it was removed: the entry is out of the table. */
    public boolean gone() {
        return gone;
    }

    /** Says that it was removed. */
    public void goneForGood() {
        gone = true;
    }

    /** Sets why it is as it is, for people; empty for nothing. */
    public void note(String why) {
        note = why;
    }

    /** Returns the next end of its process if it is created or runs, else the last one. */
    public CompletableFuture<TaskExit> ended() {
        return ended;
    }

    /** Tells those who wait how its process ended, when the turn is over; the caller holds it. */
    public void end(TaskExit exit) {
        CompletableFuture<TaskExit> waited = ended;
        turn.afterwards(() -> waited.complete(exit));
    }

    /** Makes a new end to wait for, if the last one has come. */
    public void expectEnd() {
        if (ended.isDone()) {
            ended = new CompletableFuture<>();
        }
    }

    /** Returns whether its process runs, as far as is known: also if nobody who watches it is live. */
    public boolean runs() {
        return task != null || record.phase() == Phase.RUNNING;
    }

    /** Returns it as of now. */
    public Container view() {
        ContainerRecord now = record;
        Task current = task;
        ContainerState state = switch (now.phase()) {
            case CREATED -> ContainerState.CREATED;
            case RUNNING -> ContainerState.ORPHANED;
            case EXITED -> ContainerState.EXITED;
        };
        OptionalLong pid = OptionalLong.empty();
        String why = note;
        if (current != null) {
            try {
                TaskState actual = current.state();
                state = switch (actual) {
                    case CREATED -> ContainerState.CREATED;
                    case RUNNING -> ContainerState.RUNNING;
                    case PAUSED -> ContainerState.PAUSED;
                    case STOPPED -> ContainerState.EXITED;
                };
                pid = actual == TaskState.STOPPED ? OptionalLong.empty() : current.pid();
            } catch (FeluccaException e) {
                state = ContainerState.ORPHANED;
                why = e.reason();
            }
        } else if (state == ContainerState.ORPHANED && why.isEmpty()) {
            why = "runtime=" + now.runtime() + " unavailable";
        }
        if (removing) {
            state = ContainerState.REMOVING;
        }
        return new Container(
                key.id(),
                now.name(),
                now.request(),
                now.imageName(),
                now.imageId(),
                now.launch().args(),
                now.composition(),
                state,
                pid,
                now.created(),
                Optional.ofNullable(now.started()),
                now.lastExit(),
                why);
    }
}
