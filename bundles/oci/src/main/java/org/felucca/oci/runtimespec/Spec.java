package org.felucca.oci.runtimespec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.windows.Windows;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a container, {@code config.json}.
 *
 * @param ociVersion version of the specification it follows
 * @param process the process; null if not set
 * @param root the root file system; null if not set
 * @param hostname host name in the container; null if not set
 * @param domainname NIS domain name in the container; null if not set
 * @param mounts mounts in order
 * @param hooks hooks; null if not set
 * @param annotations free notes
 * @param linux what is particular to Linux; null if not set
 * @param windows what is particular to Windows; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md">runtime-spec, configuration</a>
 */
public record Spec(
        String ociVersion,
        @Nullable Process process,
        @Nullable Root root,
        @Nullable String hostname,
        @Nullable String domainname,
        List<Mount> mounts,
        @Nullable Hooks hooks,
        Map<String, String> annotations,
        @Nullable Linux linux,
        @Nullable Windows windows) {
    /** The file's name in a bundle. */
    public static final String FILE = "config.json";

    private static final String SUBJECT = FILE;
    private static final Pattern VERSION =
            Pattern.compile("(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)([-+][0-9A-Za-z.+-]+)?");

    /**
     * @throws OciFormatException if the version is not a semantic version
     */
    public Spec {
        mounts = List.copyOf(mounts);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
        if (!VERSION.matcher(ociVersion).matches()) {
            throw new OciFormatException(
                    SUBJECT,
                    null,
                    "ociVersion " + OciFormatException.quote(ociVersion) + " is no semantic version",
                    "write 1.0.2");
        }
    }

    /** A builder with the required parts. */
    public static Builder builder(String ociVersion) {
        return new Builder(ociVersion);
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder(ociVersion);
        builder.process = process;
        builder.root = root;
        builder.hostname = hostname;
        builder.domainname = domainname;
        builder.mounts = mounts;
        builder.hooks = hooks;
        builder.annotations = annotations;
        builder.linux = linux;
        builder.windows = windows;
        return builder;
    }

    /**
     * A configuration as it was read.
     *
     * @param spec what is understood
     * @param unknown RFC 6901 pointers of properties that are not; the caller decides whether to refuse them
     */
    public record Parsed(Spec spec, List<String> unknown) {
        /** Copies the list. */
        public Parsed {
            unknown = List.copyOf(unknown);
        }
    }

    /**
     * Parses a {@code config.json}.
     *
     * @throws OciFormatException if it is malformed or breaks a rule that holds on every host
     */
    public static Parsed parse(byte[] document) {
        JsonCursor cursor = JsonCursor.of(SUBJECT, document);
        Spec spec = read(cursor);
        return new Parsed(spec, cursor.unknown());
    }

    /** The document's bytes, compact. */
    public byte[] toBytes() {
        return Json.bytes(toJson());
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Spec read(JsonCursor at) {
        ObjectReader object = at.object();
        Spec result = at.as(cursor -> new Spec(
                object.required("ociVersion", JsonCursor::nonEmptyString),
                object.optional("process", Process::read),
                object.optional("root", Root::read),
                object.optionalString("hostname"),
                object.optionalString("domainname"),
                object.list("mounts", Mount::read),
                object.optional("hooks", Hooks::read),
                object.stringMap("annotations"),
                object.optional("linux", Linux::read),
                object.optional("windows", Windows::read)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("ociVersion", ociVersion)
                .optional("process", process, Process::toJson)
                .optional("root", root, Root::toJson)
                .optional("hostname", hostname)
                .optional("domainname", domainname)
                .array("mounts", mounts, Mount::toJson)
                .optional("hooks", hooks, Hooks::toJson)
                .stringMap("annotations", annotations)
                .optional("linux", linux, Linux::toJson)
                .optional("windows", windows, Windows::toJson)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private String ociVersion;
        private @Nullable Process process;
        private @Nullable Root root;
        private @Nullable String hostname;
        private @Nullable String domainname;
        private List<Mount> mounts = List.of();
        private @Nullable Hooks hooks;
        private Map<String, String> annotations = Map.of();
        private @Nullable Linux linux;
        private @Nullable Windows windows;

        private Builder(String ociVersion) {
            this.ociVersion = ociVersion;
        }

        /** See {@link Spec#ociVersion()}. */
        public Builder ociVersion(String value) {
            this.ociVersion = value;
            return this;
        }

        /** See {@link Spec#process()}. */
        public Builder process(@Nullable Process value) {
            this.process = value;
            return this;
        }

        /** See {@link Spec#root()}. */
        public Builder root(@Nullable Root value) {
            this.root = value;
            return this;
        }

        /** See {@link Spec#hostname()}. */
        public Builder hostname(@Nullable String value) {
            this.hostname = value;
            return this;
        }

        /** See {@link Spec#domainname()}. */
        public Builder domainname(@Nullable String value) {
            this.domainname = value;
            return this;
        }

        /** See {@link Spec#mounts()}. */
        public Builder mounts(List<Mount> value) {
            this.mounts = value;
            return this;
        }

        /** See {@link Spec#hooks()}. */
        public Builder hooks(@Nullable Hooks value) {
            this.hooks = value;
            return this;
        }

        /** See {@link Spec#annotations()}. */
        public Builder annotations(Map<String, String> value) {
            this.annotations = value;
            return this;
        }

        /** See {@link Spec#linux()}. */
        public Builder linux(@Nullable Linux value) {
            this.linux = value;
            return this;
        }

        /** See {@link Spec#windows()}. */
        public Builder windows(@Nullable Windows value) {
            this.windows = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Spec build() {
            return new Spec(
                    ociVersion, process, root, hostname, domainname, mounts, hooks, annotations, linux, windows);
        }
    }
}
