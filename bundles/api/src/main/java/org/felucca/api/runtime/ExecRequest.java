package org.felucca.api.runtime;

import java.util.List;
import java.util.Objects;

/**
 * Another process to run in a container. It takes from the container's own process what is not said here (capabilities,
 * environment, working directory, seccomp, limits). Immutable; made by a builder.
 */
public final class ExecRequest {
    private final String execId;
    private final List<String> args;
    private final List<String> environment;
    private final String workingDirectory;
    private final String user;
    private final boolean privileged;
    private final TaskIo io;

    private ExecRequest(Builder builder) {
        this.execId = builder.execId;
        this.args = builder.args;
        this.environment = builder.environment;
        this.workingDirectory = builder.workingDirectory;
        this.user = builder.user;
        this.privileged = builder.privileged;
        this.io = builder.io;
    }

    /**
     * Starts a request.
     *
     * @param execId unique among the processes of the container
     * @param args program and arguments; at least one
     */
    public static Builder of(String execId, List<String> args) {
        return new Builder(execId, args);
    }

    /** Returns the id of the process within its container. */
    public String execId() {
        return execId;
    }

    /** Returns program and arguments. */
    public List<String> args() {
        return args;
    }

    /** Returns {@code KEY=VALUE} entries that are added to, or replace, those of the container. */
    public List<String> environment() {
        return environment;
    }

    /** Returns the working directory; empty for the container's. */
    public String workingDirectory() {
        return workingDirectory;
    }

    /** Returns the user as {@link TaskRequest#user()}; empty for the container's. */
    public String user() {
        return user;
    }

    /** Returns {@code true} if the process gets all capabilities and no seccomp filter. */
    public boolean privileged() {
        return privileged;
    }

    /** Returns where the streams go. */
    public TaskIo io() {
        return io;
    }

    /** Collects a request. Not thread-safe. */
    public static final class Builder {
        private final String execId;
        private final List<String> args;
        private List<String> environment = List.of();
        private String workingDirectory = "";
        private String user = "";
        private boolean privileged;
        private TaskIo io = TaskIo.NONE;

        private Builder(String execId, List<String> args) {
            this.execId = Objects.requireNonNull(execId, "execId");
            this.args = List.copyOf(args);
            if (this.args.isEmpty()) {
                throw new IllegalArgumentException("args must not be empty");
            }
        }

        /** Sets {@link ExecRequest#environment()}. */
        public Builder environment(List<String> entries) {
            this.environment = List.copyOf(entries);
            return this;
        }

        /** Sets {@link ExecRequest#workingDirectory()}. */
        public Builder workingDirectory(String directory) {
            this.workingDirectory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /** Sets {@link ExecRequest#user()}. */
        public Builder user(String imageUser) {
            this.user = Objects.requireNonNull(imageUser, "imageUser");
            return this;
        }

        /** Sets {@link ExecRequest#privileged()}. */
        public Builder privileged(boolean wanted) {
            this.privileged = wanted;
            return this;
        }

        /** Sets {@link ExecRequest#io()}. */
        public Builder io(TaskIo streams) {
            this.io = Objects.requireNonNull(streams, "streams");
            return this;
        }

        /** Makes the request. */
        public ExecRequest build() {
            return new ExecRequest(this);
        }
    }
}
