package org.felucca.oci.runtimespec;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * Programs run at points of a container's life.
 *
 * @param prestart as createRuntime; old name
 * @param createRuntime in the runtime's namespaces, before the root changes
 * @param createContainer in the container's namespaces, before the root changes
 * @param startContainer in the container, before the process is executed
 * @param poststart in the runtime's namespaces, after the process was executed
 * @param poststop in the runtime's namespaces, after the container was deleted
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#posix-platform-hooks">
 *     runtime-spec, hooks</a>
 */
public record Hooks(
        List<Hook> prestart,
        List<Hook> createRuntime,
        List<Hook> createContainer,
        List<Hook> startContainer,
        List<Hook> poststart,
        List<Hook> poststop) {
    /** No hooks. */
    public static final Hooks NONE = builder().build();

    /** Copies what can be changed. */
    public Hooks {
        prestart = List.copyOf(prestart);
        createRuntime = List.copyOf(createRuntime);
        createContainer = List.copyOf(createContainer);
        startContainer = List.copyOf(startContainer);
        poststart = List.copyOf(poststart);
        poststop = List.copyOf(poststop);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.prestart = prestart;
        builder.createRuntime = createRuntime;
        builder.createContainer = createContainer;
        builder.startContainer = startContainer;
        builder.poststart = poststart;
        builder.poststop = poststop;
        return builder;
    }

    /** Whether there is no hook at all. */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Hooks read(JsonCursor at) {
        ObjectReader object = at.object();
        Hooks result = new Hooks(
                object.list("prestart", Hook::read),
                object.list("createRuntime", Hook::read),
                object.list("createContainer", Hook::read),
                object.list("startContainer", Hook::read),
                object.list("poststart", Hook::read),
                object.list("poststop", Hook::read));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .array("prestart", prestart, Hook::toJson)
                .array("createRuntime", createRuntime, Hook::toJson)
                .array("createContainer", createContainer, Hook::toJson)
                .array("startContainer", startContainer, Hook::toJson)
                .array("poststart", poststart, Hook::toJson)
                .array("poststop", poststop, Hook::toJson)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private List<Hook> prestart = List.of();
        private List<Hook> createRuntime = List.of();
        private List<Hook> createContainer = List.of();
        private List<Hook> startContainer = List.of();
        private List<Hook> poststart = List.of();
        private List<Hook> poststop = List.of();

        private Builder() {}

        /** See {@link Hooks#prestart()}. */
        public Builder prestart(List<Hook> value) {
            this.prestart = value;
            return this;
        }

        /** See {@link Hooks#createRuntime()}. */
        public Builder createRuntime(List<Hook> value) {
            this.createRuntime = value;
            return this;
        }

        /** See {@link Hooks#createContainer()}. */
        public Builder createContainer(List<Hook> value) {
            this.createContainer = value;
            return this;
        }

        /** See {@link Hooks#startContainer()}. */
        public Builder startContainer(List<Hook> value) {
            this.startContainer = value;
            return this;
        }

        /** See {@link Hooks#poststart()}. */
        public Builder poststart(List<Hook> value) {
            this.poststart = value;
            return this;
        }

        /** See {@link Hooks#poststop()}. */
        public Builder poststop(List<Hook> value) {
            this.poststop = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Hooks build() {
            return new Hooks(prestart, createRuntime, createContainer, startContainer, poststart, poststop);
        }
    }
}
