package org.felucca.oci.runtimespec;

import java.util.List;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.runtimespec.linux.IdMapping;
import org.jspecify.annotations.Nullable;

/**
 * A mount beside the root.
 *
 * @param destination where, in the container
 * @param type file system type; null if not set
 * @param source device, directory or file; null if not set
 * @param options options as in fstab
 * @param uidMappings user ids of an idmapped mount
 * @param gidMappings group ids of an idmapped mount
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#mounts">runtime-spec, mounts</a>
 */
public record Mount(
        String destination,
        @Nullable String type,
        @Nullable String source,
        List<String> options,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings) {
    /**
     * @throws OciFormatException if only one of the id mappings is given
     */
    public Mount {
        options = List.copyOf(options);
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
        if (uidMappings.isEmpty() != gidMappings.isEmpty()) {
            throw new OciFormatException(
                    "mount at " + OciFormatException.quote(destination),
                    null,
                    "only one of uidMappings and gidMappings is given",
                    "give both");
        }
    }

    /** A builder with the required parts. */
    public static Builder builder(String destination) {
        return new Builder(destination);
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder(destination);
        builder.type = type;
        builder.source = source;
        builder.options = options;
        builder.uidMappings = uidMappings;
        builder.gidMappings = gidMappings;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Mount read(JsonCursor at) {
        ObjectReader object = at.object();
        Mount result = at.as(cursor -> new Mount(
                object.required("destination", JsonCursor::nonEmptyString),
                object.optionalString("type"),
                object.optionalString("source"),
                object.strings("options"),
                object.list("uidMappings", IdMapping::read),
                object.list("gidMappings", IdMapping::read)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("destination", destination)
                .optional("type", type)
                .optional("source", source)
                .strings("options", options)
                .array("uidMappings", uidMappings, IdMapping::toJson)
                .array("gidMappings", gidMappings, IdMapping::toJson)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private String destination;
        private @Nullable String type;
        private @Nullable String source;
        private List<String> options = List.of();
        private List<IdMapping> uidMappings = List.of();
        private List<IdMapping> gidMappings = List.of();

        private Builder(String destination) {
            this.destination = destination;
        }

        /** See {@link Mount#destination()}. */
        public Builder destination(String value) {
            this.destination = value;
            return this;
        }

        /** See {@link Mount#type()}. */
        public Builder type(@Nullable String value) {
            this.type = value;
            return this;
        }

        /** See {@link Mount#source()}. */
        public Builder source(@Nullable String value) {
            this.source = value;
            return this;
        }

        /** See {@link Mount#options()}. */
        public Builder options(List<String> value) {
            this.options = value;
            return this;
        }

        /** See {@link Mount#uidMappings()}. */
        public Builder uidMappings(List<IdMapping> value) {
            this.uidMappings = value;
            return this;
        }

        /** See {@link Mount#gidMappings()}. */
        public Builder gidMappings(List<IdMapping> value) {
            this.gidMappings = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Mount build() {
            return new Mount(destination, type, source, options, uidMappings, gidMappings);
        }
    }
}
