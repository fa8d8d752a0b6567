package org.felucca.oci.runtimespec.features;

import java.util.List;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Support of seccomp; null means unknown.
 *
 * @param enabled whether there is any; null if not set
 * @param actions recognized actions; null if not set
 * @param operators recognized operators; null if not set
 * @param archs recognized architectures; null if not set
 * @param knownFlags recognized flags; null if not set
 * @param supportedFlags flags that work here; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features-linux.md#seccomp">
 *     runtime-spec, features</a>
 */
public record SeccompFeatures(
        @Nullable Boolean enabled,
        @Nullable List<String> actions,
        @Nullable List<String> operators,
        @Nullable List<String> archs,
        @Nullable List<String> knownFlags,
        @Nullable List<String> supportedFlags) {
    /** Copies what can be changed. */
    public SeccompFeatures {
        actions = actions == null ? null : List.copyOf(actions);
        operators = operators == null ? null : List.copyOf(operators);
        archs = archs == null ? null : List.copyOf(archs);
        knownFlags = knownFlags == null ? null : List.copyOf(knownFlags);
        supportedFlags = supportedFlags == null ? null : List.copyOf(supportedFlags);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.enabled = enabled;
        builder.actions = actions;
        builder.operators = operators;
        builder.archs = archs;
        builder.knownFlags = knownFlags;
        builder.supportedFlags = supportedFlags;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static SeccompFeatures read(JsonCursor at) {
        ObjectReader object = at.object();
        SeccompFeatures result = new SeccompFeatures(
                object.optionalBool("enabled"),
                object.optional("actions", value -> value.list(JsonCursor::string)),
                object.optional("operators", value -> value.list(JsonCursor::string)),
                object.optional("archs", value -> value.list(JsonCursor::string)),
                object.optional("knownFlags", value -> value.list(JsonCursor::string)),
                object.optional("supportedFlags", value -> value.list(JsonCursor::string)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("enabled", enabled)
                .optional("actions", actions, JsonArray::ofStrings)
                .optional("operators", operators, JsonArray::ofStrings)
                .optional("archs", archs, JsonArray::ofStrings)
                .optional("knownFlags", knownFlags, JsonArray::ofStrings)
                .optional("supportedFlags", supportedFlags, JsonArray::ofStrings)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private @Nullable Boolean enabled;
        private @Nullable List<String> actions;
        private @Nullable List<String> operators;
        private @Nullable List<String> archs;
        private @Nullable List<String> knownFlags;
        private @Nullable List<String> supportedFlags;

        private Builder() {}

        /** See {@link SeccompFeatures#enabled()}. */
        public Builder enabled(@Nullable Boolean value) {
            this.enabled = value;
            return this;
        }

        /** See {@link SeccompFeatures#actions()}. */
        public Builder actions(@Nullable List<String> value) {
            this.actions = value;
            return this;
        }

        /** See {@link SeccompFeatures#operators()}. */
        public Builder operators(@Nullable List<String> value) {
            this.operators = value;
            return this;
        }

        /** See {@link SeccompFeatures#archs()}. */
        public Builder archs(@Nullable List<String> value) {
            this.archs = value;
            return this;
        }

        /** See {@link SeccompFeatures#knownFlags()}. */
        public Builder knownFlags(@Nullable List<String> value) {
            this.knownFlags = value;
            return this;
        }

        /** See {@link SeccompFeatures#supportedFlags()}. */
        public Builder supportedFlags(@Nullable List<String> value) {
            this.supportedFlags = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public SeccompFeatures build() {
            return new SeccompFeatures(enabled, actions, operators, archs, knownFlags, supportedFlags);
        }
    }
}
