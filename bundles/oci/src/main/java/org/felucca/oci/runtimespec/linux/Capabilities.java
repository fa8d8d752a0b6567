package org.felucca.oci.runtimespec.linux;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * The capability sets of a process, by names such as {@code CAP_CHOWN}.
 *
 * @param bounding what execve can ever grant
 * @param effective what the kernel checks
 * @param inheritable what stays across execve
 * @param permitted what can be made effective
 * @param ambient what stays across execve of unprivileged programs
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-process">
 *     runtime-spec, linux process</a>
 */
public record Capabilities(
        List<String> bounding,
        List<String> effective,
        List<String> inheritable,
        List<String> permitted,
        List<String> ambient) {
    /** Copies what can be changed. */
    public Capabilities {
        bounding = List.copyOf(bounding);
        effective = List.copyOf(effective);
        inheritable = List.copyOf(inheritable);
        permitted = List.copyOf(permitted);
        ambient = List.copyOf(ambient);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.bounding = bounding;
        builder.effective = effective;
        builder.inheritable = inheritable;
        builder.permitted = permitted;
        builder.ambient = ambient;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Capabilities read(JsonCursor at) {
        ObjectReader object = at.object();
        Capabilities result = new Capabilities(
                object.strings("bounding"),
                object.strings("effective"),
                object.strings("inheritable"),
                object.strings("permitted"),
                object.strings("ambient"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .strings("bounding", bounding)
                .strings("effective", effective)
                .strings("inheritable", inheritable)
                .strings("permitted", permitted)
                .strings("ambient", ambient)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private List<String> bounding = List.of();
        private List<String> effective = List.of();
        private List<String> inheritable = List.of();
        private List<String> permitted = List.of();
        private List<String> ambient = List.of();

        private Builder() {}

        /** See {@link Capabilities#bounding()}. */
        public Builder bounding(List<String> value) {
            this.bounding = value;
            return this;
        }

        /** See {@link Capabilities#effective()}. */
        public Builder effective(List<String> value) {
            this.effective = value;
            return this;
        }

        /** See {@link Capabilities#inheritable()}. */
        public Builder inheritable(List<String> value) {
            this.inheritable = value;
            return this;
        }

        /** See {@link Capabilities#permitted()}. */
        public Builder permitted(List<String> value) {
            this.permitted = value;
            return this;
        }

        /** See {@link Capabilities#ambient()}. */
        public Builder ambient(List<String> value) {
            this.ambient = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Capabilities build() {
            return new Capabilities(bounding, effective, inheritable, permitted, ambient);
        }
    }
}
