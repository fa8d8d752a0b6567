package org.felucca.oci.runtimespec.features;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime supports; null means unknown, not "none".
 *
 * @param ociVersionMin oldest version of the specification it follows
 * @param ociVersionMax newest version of the specification it follows
 * @param hooks recognized hooks; null if not set
 * @param mountOptions recognized mount options; null if not set
 * @param linux what is particular to Linux; null if not set
 * @param annotations free notes
 * @param potentiallyUnsafeConfigAnnotations annotations of a configuration that may change what the runtime does; a
 *      trailing dot makes a prefix
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features.md">runtime-spec, features</a>
 */
public record Features(
        String ociVersionMin,
        String ociVersionMax,
        @Nullable List<String> hooks,
        @Nullable List<String> mountOptions,
        @Nullable LinuxFeatures linux,
        Map<String, String> annotations,
        List<String> potentiallyUnsafeConfigAnnotations) {
    /** Copies what can be changed. */
    public Features {
        hooks = hooks == null ? null : List.copyOf(hooks);
        mountOptions = mountOptions == null ? null : List.copyOf(mountOptions);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
        potentiallyUnsafeConfigAnnotations = List.copyOf(potentiallyUnsafeConfigAnnotations);
    }

    /** A builder with the required parts. */
    public static Builder builder(String ociVersionMin, String ociVersionMax) {
        return new Builder(ociVersionMin, ociVersionMax);
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder(ociVersionMin, ociVersionMax);
        builder.hooks = hooks;
        builder.mountOptions = mountOptions;
        builder.linux = linux;
        builder.annotations = annotations;
        builder.potentiallyUnsafeConfigAnnotations = potentiallyUnsafeConfigAnnotations;
        return builder;
    }

    /**
     * Parses what {@code <runtime> features} prints.
     *
     * @throws OciFormatException if it is malformed; unknown properties are ignored
     */
    public static Features parse(byte[] document) {
        return read(JsonCursor.of("runtime features", document));
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Features read(JsonCursor at) {
        ObjectReader object = at.object();
        Features result = new Features(
                object.required("ociVersionMin", JsonCursor::nonEmptyString),
                object.required("ociVersionMax", JsonCursor::nonEmptyString),
                object.optional("hooks", value -> value.list(JsonCursor::string)),
                object.optional("mountOptions", value -> value.list(JsonCursor::string)),
                object.optional("linux", LinuxFeatures::read),
                object.stringMap("annotations"),
                object.strings("potentiallyUnsafeConfigAnnotations"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("ociVersionMin", ociVersionMin)
                .put("ociVersionMax", ociVersionMax)
                .optional("hooks", hooks, JsonArray::ofStrings)
                .optional("mountOptions", mountOptions, JsonArray::ofStrings)
                .optional("linux", linux, LinuxFeatures::toJson)
                .stringMap("annotations", annotations)
                .strings("potentiallyUnsafeConfigAnnotations", potentiallyUnsafeConfigAnnotations)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private String ociVersionMin;
        private String ociVersionMax;
        private @Nullable List<String> hooks;
        private @Nullable List<String> mountOptions;
        private @Nullable LinuxFeatures linux;
        private Map<String, String> annotations = Map.of();
        private List<String> potentiallyUnsafeConfigAnnotations = List.of();

        private Builder(String ociVersionMin, String ociVersionMax) {
            this.ociVersionMin = ociVersionMin;
            this.ociVersionMax = ociVersionMax;
        }

        /** See {@link Features#ociVersionMin()}. */
        public Builder ociVersionMin(String value) {
            this.ociVersionMin = value;
            return this;
        }

        /** See {@link Features#ociVersionMax()}. */
        public Builder ociVersionMax(String value) {
            this.ociVersionMax = value;
            return this;
        }

        /** See {@link Features#hooks()}. */
        public Builder hooks(@Nullable List<String> value) {
            this.hooks = value;
            return this;
        }

        /** See {@link Features#mountOptions()}. */
        public Builder mountOptions(@Nullable List<String> value) {
            this.mountOptions = value;
            return this;
        }

        /** See {@link Features#linux()}. */
        public Builder linux(@Nullable LinuxFeatures value) {
            this.linux = value;
            return this;
        }

        /** See {@link Features#annotations()}. */
        public Builder annotations(Map<String, String> value) {
            this.annotations = value;
            return this;
        }

        /** See {@link Features#potentiallyUnsafeConfigAnnotations()}. */
        public Builder potentiallyUnsafeConfigAnnotations(List<String> value) {
            this.potentiallyUnsafeConfigAnnotations = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Features build() {
            return new Features(
                    ociVersionMin,
                    ociVersionMax,
                    hooks,
                    mountOptions,
                    linux,
                    annotations,
                    potentiallyUnsafeConfigAnnotations);
        }
    }
}
