package org.felucca.api.runtime;

import java.util.List;
import java.util.Objects;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.runtimespec.Spec;

/** What to create. Immutable; made by a builder, so that it can grow without breaking plugins. */
public final class TaskRequest {
    private final TaskId id;
    private final Spec spec;
    private final List<SnapshotMount> rootfs;
    private final String user;
    private final TaskIo io;
    private final boolean reaper;
    private final boolean startImmediately;
    private final boolean ephemeral;

    private TaskRequest(Builder builder) {
        this.id = builder.id;
        this.spec = Objects.requireNonNull(builder.spec, "spec");
        this.rootfs = builder.rootfs;
        this.user = builder.user;
        this.io = builder.io;
        this.reaper = builder.reaper;
        this.startImmediately = builder.startImmediately;
        this.ephemeral = builder.ephemeral;
    }

    /** Starts a request. */
    public static Builder of(TaskId id, Spec spec) {
        return new Builder(id, spec);
    }

    /** Returns the identity of the task. */
    public TaskId id() {
        return id;
    }

    /** Returns the runtime-spec document; {@code root.path} is ignored where {@link #rootfs()} is given. */
    public Spec spec() {
        return spec;
    }

    /** Returns the root file system: how to mount it. */
    public List<SnapshotMount> rootfs() {
        return rootfs;
    }

    /**
     * Returns the user as images write it ({@code user[:group]}, names or numbers), to be looked up in the container's
     * own {@code /etc/passwd} and {@code /etc/group}; empty if the spec's numbers are to be used as they are. Numbers
     * that were found replace those of the spec, {@code HOME} is set if the spec does not.
     */
    public String user() {
        return user;
    }

    /** Returns where the streams go. */
    public TaskIo io() {
        return io;
    }

    /** Returns {@code true} if a small init is to run as pid 1, forward signals and reap ({@code --init}). */
    public boolean reaper() {
        return reaper;
    }

    /**
     * Returns {@code true} if nothing happens between create and start, so that the backend may start the process in
     * the same step; the task is then RUNNING (or STOPPED already) when create returns.
     */
    public boolean startImmediately() {
        return startImmediately;
    }

    /** Returns {@code true} if the root file system is thrown away at the end. */
    public boolean ephemeral() {
        return ephemeral;
    }

    /** Collects a request. Not thread-safe. */
    public static final class Builder {
        private final TaskId id;
        private final Spec spec;
        private List<SnapshotMount> rootfs = List.of();
        private String user = "";
        private TaskIo io = TaskIo.NONE;
        private boolean reaper;
        private boolean startImmediately;
        private boolean ephemeral;

        private Builder(TaskId id, Spec spec) {
            this.id = Objects.requireNonNull(id, "id");
            this.spec = Objects.requireNonNull(spec, "spec");
        }

        /** Sets {@link TaskRequest#rootfs()}. */
        public Builder rootfs(List<SnapshotMount> mounts) {
            this.rootfs = List.copyOf(mounts);
            return this;
        }

        /** Sets {@link TaskRequest#user()}. */
        public Builder user(String imageUser) {
            this.user = Objects.requireNonNull(imageUser, "imageUser");
            return this;
        }

        /** Sets {@link TaskRequest#io()}. */
        public Builder io(TaskIo streams) {
            this.io = Objects.requireNonNull(streams, "streams");
            return this;
        }

        /** Sets {@link TaskRequest#reaper()}. */
        public Builder reaper(boolean wanted) {
            this.reaper = wanted;
            return this;
        }

        /** Sets {@link TaskRequest#startImmediately()}. */
        public Builder startImmediately(boolean wanted) {
            this.startImmediately = wanted;
            return this;
        }

        /** Sets {@link TaskRequest#ephemeral()}. */
        public Builder ephemeral(boolean throwAway) {
            this.ephemeral = throwAway;
            return this;
        }

        /** Makes the request. */
        public TaskRequest build() {
            return new TaskRequest(this);
        }
    }
}
