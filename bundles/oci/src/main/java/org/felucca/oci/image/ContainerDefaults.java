package org.felucca.oci.image;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What a container made from an image starts with unless the request says otherwise: the {@code config} member of an
 * image configuration, with Docker's extensions. Immutable.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md#properties">image-spec, config</a>
 */
public final class ContainerDefaults {
    /** Says nothing. */
    public static final ContainerDefaults EMPTY = builder().build();

    private final String user;
    private final List<String> exposedPorts;
    private final List<String> env;
    private final List<String> entrypoint;
    private final List<String> cmd;
    private final List<String> volumes;
    private final String workingDir;
    private final Map<String, String> labels;
    private final String stopSignal;
    private final @Nullable HealthCheck healthCheck;
    private final List<String> onBuild;
    private final List<String> shell;
    private final boolean argsEscaped;

    private ContainerDefaults(Builder builder) {
        this.user = builder.user;
        this.exposedPorts = List.copyOf(builder.exposedPorts);
        this.env = List.copyOf(builder.env);
        this.entrypoint = List.copyOf(builder.entrypoint);
        this.cmd = List.copyOf(builder.cmd);
        this.volumes = List.copyOf(builder.volumes);
        this.workingDir = builder.workingDir;
        this.labels = Collections.unmodifiableMap(new LinkedHashMap<>(builder.labels));
        this.stopSignal = builder.stopSignal;
        this.healthCheck = builder.healthCheck;
        this.onBuild = List.copyOf(builder.onBuild);
        this.shell = List.copyOf(builder.shell);
        this.argsEscaped = builder.argsEscaped;
    }

    /** A builder that says nothing yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that says what this says. */
    public Builder toBuilder() {
        return builder()
                .user(user)
                .exposedPorts(exposedPorts)
                .env(env)
                .entrypoint(entrypoint)
                .cmd(cmd)
                .volumes(volumes)
                .workingDir(workingDir)
                .labels(labels)
                .stopSignal(stopSignal)
                .healthCheck(healthCheck)
                .onBuild(onBuild)
                .shell(shell)
                .argsEscaped(argsEscaped);
    }

    static ContainerDefaults read(JsonCursor at) {
        ObjectReader object = at.object();
        return builder()
                .user(orEmpty(object.optionalString("User")))
                .exposedPorts(names(object, "ExposedPorts"))
                .env(object.strings("Env"))
                .entrypoint(object.strings("Entrypoint"))
                .cmd(object.strings("Cmd"))
                .volumes(names(object, "Volumes"))
                .workingDir(orEmpty(object.optionalString("WorkingDir")))
                .labels(object.stringMap("Labels"))
                .stopSignal(orEmpty(object.optionalString("StopSignal")))
                .healthCheck(object.optional("Healthcheck", HealthCheck::read))
                .onBuild(object.strings("OnBuild"))
                .shell(object.strings("Shell"))
                .argsEscaped(object.flag("ArgsEscaped"))
                .build();
    }

    JsonObject toJson() {
        return JsonObject.builder()
                .optional("User", user.isEmpty() ? null : user)
                .optional("ExposedPorts", exposedPorts.isEmpty() ? null : set(exposedPorts))
                .strings("Env", env)
                .strings("Entrypoint", entrypoint)
                .strings("Cmd", cmd)
                .optional("Healthcheck", healthCheck, HealthCheck::toJson)
                .optional("Volumes", volumes.isEmpty() ? null : set(volumes))
                .optional("WorkingDir", workingDir.isEmpty() ? null : workingDir)
                .strings("OnBuild", onBuild)
                .stringMap("Labels", labels)
                .optional("StopSignal", stopSignal.isEmpty() ? null : stopSignal)
                .strings("Shell", shell)
                .flag("ArgsEscaped", argsEscaped)
                .build();
    }

    /** {@code user}, {@code uid}, {@code user:group}, {@code uid:gid} and so on; empty for root. */
    public String user() {
        return user;
    }

    /** Ports the image listens on: {@code 80}, {@code 80/tcp}, {@code 53/udp}. */
    public List<String> exposedPorts() {
        return exposedPorts;
    }

    /** Environment, {@code NAME=value}. */
    public List<String> env() {
        return env;
    }

    /** First arguments of the process. */
    public List<String> entrypoint() {
        return entrypoint;
    }

    /** Arguments after the entrypoint, replaced by those of a request. */
    public List<String> cmd() {
        return cmd;
    }

    /** Container paths that get a volume. */
    public List<String> volumes() {
        return volumes;
    }

    /** Working directory; empty for the root directory. */
    public String workingDir() {
        return workingDir;
    }

    /** Labels containers inherit. */
    public Map<String, String> labels() {
        return labels;
    }

    /** Signal that asks the process to end, {@code SIGTERM} or {@code 15}; empty for the default. */
    public String stopSignal() {
        return stopSignal;
    }

    /** How health is checked. */
    public Optional<HealthCheck> healthCheck() {
        return Optional.ofNullable(healthCheck);
    }

    /** Docker build steps for images based on this one. */
    public List<String> onBuild() {
        return onBuild;
    }

    /** Shell for Docker's shell forms. */
    public List<String> shell() {
        return shell;
    }

    /** Windows: whether the command line is already escaped. */
    public boolean argsEscaped() {
        return argsEscaped;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ContainerDefaults that && toJson().equals(that.toJson());
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }

    @Override
    public String toString() {
        return toJson().toString();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Go's {@code map[string]struct{}}: only the names matter. */
    private static List<String> names(ObjectReader object, String member) {
        return new ArrayList<>(object.map(member, JsonCursor::value).keySet());
    }

    private static JsonObject set(List<String> names) {
        JsonObject.Builder builder = JsonObject.builder();
        names.forEach(name -> builder.put(name, JsonObject.EMPTY));
        return builder.build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private String user = "";
        private List<String> exposedPorts = List.of();
        private List<String> env = List.of();
        private List<String> entrypoint = List.of();
        private List<String> cmd = List.of();
        private List<String> volumes = List.of();
        private String workingDir = "";
        private Map<String, String> labels = Map.of();
        private String stopSignal = "";
        private @Nullable HealthCheck healthCheck;
        private List<String> onBuild = List.of();
        private List<String> shell = List.of();
        private boolean argsEscaped;

        private Builder() {}

        /** See {@link ContainerDefaults#user()}. */
        public Builder user(String value) {
            user = value;
            return this;
        }

        /** See {@link ContainerDefaults#exposedPorts()}. */
        public Builder exposedPorts(List<String> value) {
            exposedPorts = value;
            return this;
        }

        /** See {@link ContainerDefaults#env()}. */
        public Builder env(List<String> value) {
            env = value;
            return this;
        }

        /** See {@link ContainerDefaults#entrypoint()}. */
        public Builder entrypoint(List<String> value) {
            entrypoint = value;
            return this;
        }

        /** See {@link ContainerDefaults#cmd()}. */
        public Builder cmd(List<String> value) {
            cmd = value;
            return this;
        }

        /** See {@link ContainerDefaults#volumes()}. */
        public Builder volumes(List<String> value) {
            volumes = value;
            return this;
        }

        /** See {@link ContainerDefaults#workingDir()}. */
        public Builder workingDir(String value) {
            workingDir = value;
            return this;
        }

        /** See {@link ContainerDefaults#labels()}. */
        public Builder labels(Map<String, String> value) {
            labels = value;
            return this;
        }

        /** See {@link ContainerDefaults#stopSignal()}. */
        public Builder stopSignal(String value) {
            stopSignal = value;
            return this;
        }

        /** See {@link ContainerDefaults#healthCheck()}. */
        public Builder healthCheck(@Nullable HealthCheck value) {
            healthCheck = value;
            return this;
        }

        /** See {@link ContainerDefaults#onBuild()}. */
        public Builder onBuild(List<String> value) {
            onBuild = value;
            return this;
        }

        /** See {@link ContainerDefaults#shell()}. */
        public Builder shell(List<String> value) {
            shell = value;
            return this;
        }

        /** See {@link ContainerDefaults#argsEscaped()}. */
        public Builder argsEscaped(boolean value) {
            argsEscaped = value;
            return this;
        }

        /** The defaults. */
        public ContainerDefaults build() {
            return new ContainerDefaults(this);
        }
    }
}
