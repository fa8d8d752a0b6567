package org.felucca.oci.runtimespec.linux;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Intel Resource Director Technology settings.
 *
 * @param closId class of service; null if not set
 * @param schemata lines of the schemata file
 * @param l3CacheSchema schema of the L3 cache; null if not set
 * @param memBwSchema schema of memory bandwidth; null if not set
 * @param enableMonitoring whether a monitoring group is made
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#intelrdt">
 *     runtime-spec, intelRdt</a>
 */
public record IntelRdt(
        @Nullable String closId,
        List<String> schemata,
        @Nullable String l3CacheSchema,
        @Nullable String memBwSchema,
        boolean enableMonitoring) {
    /** Copies what can be changed. */
    public IntelRdt {
        schemata = List.copyOf(schemata);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.closId = closId;
        builder.schemata = schemata;
        builder.l3CacheSchema = l3CacheSchema;
        builder.memBwSchema = memBwSchema;
        builder.enableMonitoring = enableMonitoring;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static IntelRdt read(JsonCursor at) {
        ObjectReader object = at.object();
        IntelRdt result = new IntelRdt(
                object.optionalString("closID"),
                object.strings("schemata"),
                object.optionalString("l3CacheSchema"),
                object.optionalString("memBwSchema"),
                object.flag("enableMonitoring"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("closID", closId)
                .strings("schemata", schemata)
                .optional("l3CacheSchema", l3CacheSchema)
                .optional("memBwSchema", memBwSchema)
                .flag("enableMonitoring", enableMonitoring)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private @Nullable String closId;
        private List<String> schemata = List.of();
        private @Nullable String l3CacheSchema;
        private @Nullable String memBwSchema;
        private boolean enableMonitoring;

        private Builder() {}

        /** See {@link IntelRdt#closId()}. */
        public Builder closId(@Nullable String value) {
            this.closId = value;
            return this;
        }

        /** See {@link IntelRdt#schemata()}. */
        public Builder schemata(List<String> value) {
            this.schemata = value;
            return this;
        }

        /** See {@link IntelRdt#l3CacheSchema()}. */
        public Builder l3CacheSchema(@Nullable String value) {
            this.l3CacheSchema = value;
            return this;
        }

        /** See {@link IntelRdt#memBwSchema()}. */
        public Builder memBwSchema(@Nullable String value) {
            this.memBwSchema = value;
            return this;
        }

        /** See {@link IntelRdt#enableMonitoring()}. */
        public Builder enableMonitoring(boolean value) {
            this.enableMonitoring = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public IntelRdt build() {
            return new IntelRdt(closId, schemata, l3CacheSchema, memBwSchema, enableMonitoring);
        }
    }
}
