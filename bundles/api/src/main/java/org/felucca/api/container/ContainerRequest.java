package org.felucca.api.container;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.felucca.api.image.PullPolicy;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.oci.platform.Platform;
import org.jspecify.annotations.Nullable;

/**
 * What a front wants: a container from an image. Immutable; made by a {@link Builder}, so that it can grow without
 * breaking plugins. Values are as the user stated them; core checks them against the image and the providers.
 */
public final class ContainerRequest {
    private final NamespaceName namespace;
    private final String name;
    private final String image;
    private final PullPolicy pullPolicy;
    private final @Nullable Platform platform;
    private final List<String> command;
    private final @Nullable List<String> entrypoint;
    private final List<String> environment;
    private final String workingDirectory;
    private final String user;
    private final String hostname;
    private final boolean terminal;
    private final boolean openStdin;
    private final boolean readOnly;
    private final boolean reaper;
    private final boolean privileged;
    private final boolean autoRemove;
    private final List<ContainerMount> mounts;
    private final NetworkMode network;
    private final ResourceLimits resources;
    private final List<Ulimit> ulimits;
    private final List<String> capAdd;
    private final List<String> capDrop;
    private final List<String> securityOptions;
    private final Map<String, String> sysctls;
    private final Map<String, String> labels;
    private final String stopSignal;
    private final Duration stopTimeout;
    private final String snapshotter;
    private final String runtime;

    private ContainerRequest(Builder builder) {
        this.namespace = builder.namespace;
        this.name = builder.name;
        this.image = builder.image;
        this.pullPolicy = builder.pullPolicy;
        this.platform = builder.platform;
        this.command = builder.command;
        this.entrypoint = builder.entrypoint;
        this.environment = builder.environment;
        this.workingDirectory = builder.workingDirectory;
        this.user = builder.user;
        this.hostname = builder.hostname;
        this.terminal = builder.terminal;
        this.openStdin = builder.openStdin;
        this.readOnly = builder.readOnly;
        this.reaper = builder.reaper;
        this.privileged = builder.privileged;
        this.autoRemove = builder.autoRemove;
        this.mounts = builder.mounts;
        this.network = builder.network;
        this.resources = builder.resources;
        this.ulimits = builder.ulimits;
        this.capAdd = builder.capAdd;
        this.capDrop = builder.capDrop;
        this.securityOptions = builder.securityOptions;
        this.sysctls = builder.sysctls;
        this.labels = builder.labels;
        this.stopSignal = builder.stopSignal;
        this.stopTimeout = builder.stopTimeout;
        this.snapshotter = builder.snapshotter;
        this.runtime = builder.runtime;
    }

    /** Starts a request for a tenant and an image reference or id prefix. */
    public static Builder of(NamespaceName namespace, String image) {
        return new Builder(namespace, image);
    }

    /** Starts a request that is like this one. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Returns the tenant. */
    public NamespaceName namespace() {
        return namespace;
    }

    /** Returns the name people call it by; empty for a generated one. */
    public String name() {
        return name;
    }

    /** Returns the image reference or id prefix. */
    public String image() {
        return image;
    }

    /** Returns when to ask the image's source. */
    public PullPolicy pullPolicy() {
        return pullPolicy;
    }

    /** Returns the platform, if not this host's. */
    public Optional<Platform> platform() {
        return Optional.ofNullable(platform);
    }

    /** Returns arguments that replace the image's command; empty to keep it. */
    public List<String> command() {
        return command;
    }

    /** Returns what replaces the image's entrypoint; an empty list removes it, absence keeps it. */
    public Optional<List<String>> entrypoint() {
        return Optional.ofNullable(entrypoint);
    }

    /** Returns {@code KEY=VALUE} entries over those of the image. */
    public List<String> environment() {
        return environment;
    }

    /** Returns the working directory; empty for the image's. */
    public String workingDirectory() {
        return workingDirectory;
    }

    /** Returns {@code user[:group]}, names or numbers; empty for the image's. */
    public String user() {
        return user;
    }

    /** Returns the host name; empty for the first 12 digits of the id. */
    public String hostname() {
        return hostname;
    }

    /** Returns whether the process gets a terminal. */
    public boolean terminal() {
        return terminal;
    }

    /** Returns whether standard input stays open. */
    public boolean openStdin() {
        return openStdin;
    }

    /** Returns whether the root file system is read-only. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Returns whether a small init runs as pid 1. */
    public boolean reaper() {
        return reaper;
    }

    /** Returns whether the process gets all capabilities, devices and no masks. */
    public boolean privileged() {
        return privileged;
    }

    /** Returns whether it is removed when it ends. */
    public boolean autoRemove() {
        return autoRemove;
    }

    /** Returns what is mounted besides the root file system. */
    public List<ContainerMount> mounts() {
        return mounts;
    }

    /** Returns which network it is in. */
    public NetworkMode network() {
        return network;
    }

    /** Returns limits of the container as a whole. */
    public ResourceLimits resources() {
        return resources;
    }

    /** Returns limits of each process. */
    public List<Ulimit> ulimits() {
        return ulimits;
    }

    /** Returns capabilities to add to the default set; {@code ALL} for all. */
    public List<String> capAdd() {
        return capAdd;
    }

    /** Returns capabilities to drop from the default set; {@code ALL} for all. */
    public List<String> capDrop() {
        return capDrop;
    }

    /** Returns options as docker has them: {@code no-new-privileges}, {@code seccomp=unconfined}, {@code seccomp={json}}, {@code apparmor=NAME}, {@code label=...}. */
    public List<String> securityOptions() {
        return securityOptions;
    }

    /** Returns kernel parameters of its namespaces. */
    public Map<String, String> sysctls() {
        return sysctls;
    }

    /** Returns labels over those of the image. */
    public Map<String, String> labels() {
        return labels;
    }

    /** Returns signal of a polite stop; empty for the image's, else SIGTERM. */
    public String stopSignal() {
        return stopSignal;
    }

    /** Returns how long a polite stop waits before it kills. */
    public Duration stopTimeout() {
        return stopTimeout;
    }

    /** Returns plugin id of the snapshotter; empty to choose. */
    public String snapshotter() {
        return snapshotter;
    }

    /** Returns plugin id of the runtime backend; empty to choose. */
    public String runtime() {
        return runtime;
    }

    /** Collects a request. Not thread-safe. */
    public static final class Builder {
        private NamespaceName namespace;
        private String name = "";
        private String image = "";
        private PullPolicy pullPolicy = PullPolicy.MISSING;
        private @Nullable Platform platform;
        private List<String> command = List.of();
        private @Nullable List<String> entrypoint;
        private List<String> environment = List.of();
        private String workingDirectory = "";
        private String user = "";
        private String hostname = "";
        private boolean terminal = false;
        private boolean openStdin = false;
        private boolean readOnly = false;
        private boolean reaper = false;
        private boolean privileged = false;
        private boolean autoRemove = false;
        private List<ContainerMount> mounts = List.of();
        private NetworkMode network = NetworkMode.NONE;
        private ResourceLimits resources = ResourceLimits.NONE;
        private List<Ulimit> ulimits = List.of();
        private List<String> capAdd = List.of();
        private List<String> capDrop = List.of();
        private List<String> securityOptions = List.of();
        private Map<String, String> sysctls = Map.of();
        private Map<String, String> labels = Map.of();
        private String stopSignal = "";
        private Duration stopTimeout = Duration.ofSeconds(10);
        private String snapshotter = "";
        private String runtime = "";

        private Builder(NamespaceName namespace, String image) {
            this.namespace = Objects.requireNonNull(namespace, "namespace");
            this.image = Objects.requireNonNull(image, "image");
        }

        private Builder(ContainerRequest request) {
            this.namespace = request.namespace;
            this.name = request.name;
            this.image = request.image;
            this.pullPolicy = request.pullPolicy;
            this.platform = request.platform;
            this.command = request.command;
            this.entrypoint = request.entrypoint;
            this.environment = request.environment;
            this.workingDirectory = request.workingDirectory;
            this.user = request.user;
            this.hostname = request.hostname;
            this.terminal = request.terminal;
            this.openStdin = request.openStdin;
            this.readOnly = request.readOnly;
            this.reaper = request.reaper;
            this.privileged = request.privileged;
            this.autoRemove = request.autoRemove;
            this.mounts = request.mounts;
            this.network = request.network;
            this.resources = request.resources;
            this.ulimits = request.ulimits;
            this.capAdd = request.capAdd;
            this.capDrop = request.capDrop;
            this.securityOptions = request.securityOptions;
            this.sysctls = request.sysctls;
            this.labels = request.labels;
            this.stopSignal = request.stopSignal;
            this.stopTimeout = request.stopTimeout;
            this.snapshotter = request.snapshotter;
            this.runtime = request.runtime;
        }

        /** Sets the name people call it by; empty for a generated one. */
        public Builder name(String value) {
            this.name = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets when to ask the image's source. */
        public Builder pullPolicy(PullPolicy value) {
            this.pullPolicy = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets the platform, if not this host's. */
        public Builder platform(Platform value) {
            this.platform = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets arguments that replace the image's command; empty to keep it. */
        public Builder command(List<String> value) {
            this.command = List.copyOf(value);
            return this;
        }

        /** Sets what replaces the image's entrypoint; an empty list removes it, absence keeps it. */
        public Builder entrypoint(List<String> value) {
            this.entrypoint = List.copyOf(value);
            return this;
        }

        /** Sets {@code KEY=VALUE} entries over those of the image. */
        public Builder environment(List<String> value) {
            this.environment = List.copyOf(value);
            return this;
        }

        /** Sets the working directory; empty for the image's. */
        public Builder workingDirectory(String value) {
            this.workingDirectory = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets {@code user[:group]}, names or numbers; empty for the image's. */
        public Builder user(String value) {
            this.user = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets the host name; empty for the first 12 digits of the id. */
        public Builder hostname(String value) {
            this.hostname = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets whether the process gets a terminal. */
        public Builder terminal(boolean value) {
            this.terminal = value;
            return this;
        }

        /** Sets whether standard input stays open. */
        public Builder openStdin(boolean value) {
            this.openStdin = value;
            return this;
        }

        /** Sets whether the root file system is read-only. */
        public Builder readOnly(boolean value) {
            this.readOnly = value;
            return this;
        }

        /** Sets whether a small init runs as pid 1. */
        public Builder reaper(boolean value) {
            this.reaper = value;
            return this;
        }

        /** Sets whether the process gets all capabilities, devices and no masks. */
        public Builder privileged(boolean value) {
            this.privileged = value;
            return this;
        }

        /** Sets whether it is removed when it ends. */
        public Builder autoRemove(boolean value) {
            this.autoRemove = value;
            return this;
        }

        /** Sets what is mounted besides the root file system. */
        public Builder mounts(List<ContainerMount> value) {
            this.mounts = List.copyOf(value);
            return this;
        }

        /** Sets which network it is in. */
        public Builder network(NetworkMode value) {
            this.network = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets limits of the container as a whole. */
        public Builder resources(ResourceLimits value) {
            this.resources = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets limits of each process. */
        public Builder ulimits(List<Ulimit> value) {
            this.ulimits = List.copyOf(value);
            return this;
        }

        /** Sets capabilities to add to the default set; {@code ALL} for all. */
        public Builder capAdd(List<String> value) {
            this.capAdd = List.copyOf(value);
            return this;
        }

        /** Sets capabilities to drop from the default set; {@code ALL} for all. */
        public Builder capDrop(List<String> value) {
            this.capDrop = List.copyOf(value);
            return this;
        }

        /** Sets options as docker has them: {@code no-new-privileges}, {@code seccomp=unconfined}, {@code seccomp={json}}, {@code apparmor=NAME}, {@code label=...}. */
        public Builder securityOptions(List<String> value) {
            this.securityOptions = List.copyOf(value);
            return this;
        }

        /** Sets kernel parameters of its namespaces. */
        public Builder sysctls(Map<String, String> value) {
            this.sysctls = Map.copyOf(value);
            return this;
        }

        /** Sets labels over those of the image. */
        public Builder labels(Map<String, String> value) {
            this.labels = Map.copyOf(value);
            return this;
        }

        /** Sets signal of a polite stop; empty for the image's, else SIGTERM. */
        public Builder stopSignal(String value) {
            this.stopSignal = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets how long a polite stop waits before it kills. */
        public Builder stopTimeout(Duration value) {
            this.stopTimeout = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets plugin id of the snapshotter; empty to choose. */
        public Builder snapshotter(String value) {
            this.snapshotter = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets plugin id of the runtime backend; empty to choose. */
        public Builder runtime(String value) {
            this.runtime = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Makes the request. */
        public ContainerRequest build() {
            return new ContainerRequest(this);
        }
    }
}
