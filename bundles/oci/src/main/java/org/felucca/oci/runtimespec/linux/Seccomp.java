package org.felucca.oci.runtimespec.linux;

import java.util.List;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A filter of system calls.
 *
 * @param defaultAction for calls without a rule
 * @param defaultErrnoRet error number when that is ERRNO; null if not set
 * @param architectures architectures besides the native one
 * @param flags flags of the call
 * @param listenerPath socket that gets the notify descriptor; null if not set
 * @param listenerMetadata text for the listener; null if not set
 * @param syscalls rules in order
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#seccomp">
 *     runtime-spec, seccomp</a>
 */
public record Seccomp(
        SeccompAction defaultAction,
        @Nullable Long defaultErrnoRet,
        List<SeccompArch> architectures,
        List<SeccompFlag> flags,
        @Nullable String listenerPath,
        @Nullable String listenerMetadata,
        List<SeccompSyscall> syscalls) {
    /**
     * @throws OciFormatException if there is metadata for no listener
     */
    public Seccomp {
        architectures = List.copyOf(architectures);
        flags = List.copyOf(flags);
        syscalls = List.copyOf(syscalls);
        if (listenerMetadata != null && listenerPath == null) {
            throw new OciFormatException(
                    "seccomp filter", null, "listenerMetadata has no listener", "give listenerPath");
        }
    }

    /** A builder with the required parts. */
    public static Builder builder(SeccompAction defaultAction) {
        return new Builder(defaultAction);
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder(defaultAction);
        builder.defaultErrnoRet = defaultErrnoRet;
        builder.architectures = architectures;
        builder.flags = flags;
        builder.listenerPath = listenerPath;
        builder.listenerMetadata = listenerMetadata;
        builder.syscalls = syscalls;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Seccomp read(JsonCursor at) {
        ObjectReader object = at.object();
        Seccomp result = at.as(cursor -> new Seccomp(
                object.required("defaultAction", SeccompAction::read),
                object.optionalUint32("defaultErrnoRet"),
                object.list("architectures", SeccompArch::read),
                object.list("flags", SeccompFlag::read),
                object.optionalString("listenerPath"),
                object.optionalString("listenerMetadata"),
                object.list("syscalls", SeccompSyscall::read)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("defaultAction", defaultAction.id())
                .optional("defaultErrnoRet", defaultErrnoRet)
                .array("architectures", architectures, value -> new JsonString(value.id()))
                .array("flags", flags, value -> new JsonString(value.id()))
                .optional("listenerPath", listenerPath)
                .optional("listenerMetadata", listenerMetadata)
                .array("syscalls", syscalls, SeccompSyscall::toJson)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private SeccompAction defaultAction;
        private @Nullable Long defaultErrnoRet;
        private List<SeccompArch> architectures = List.of();
        private List<SeccompFlag> flags = List.of();
        private @Nullable String listenerPath;
        private @Nullable String listenerMetadata;
        private List<SeccompSyscall> syscalls = List.of();

        private Builder(SeccompAction defaultAction) {
            this.defaultAction = defaultAction;
        }

        /** See {@link Seccomp#defaultAction()}. */
        public Builder defaultAction(SeccompAction value) {
            this.defaultAction = value;
            return this;
        }

        /** See {@link Seccomp#defaultErrnoRet()}. */
        public Builder defaultErrnoRet(@Nullable Long value) {
            this.defaultErrnoRet = value;
            return this;
        }

        /** See {@link Seccomp#architectures()}. */
        public Builder architectures(List<SeccompArch> value) {
            this.architectures = value;
            return this;
        }

        /** See {@link Seccomp#flags()}. */
        public Builder flags(List<SeccompFlag> value) {
            this.flags = value;
            return this;
        }

        /** See {@link Seccomp#listenerPath()}. */
        public Builder listenerPath(@Nullable String value) {
            this.listenerPath = value;
            return this;
        }

        /** See {@link Seccomp#listenerMetadata()}. */
        public Builder listenerMetadata(@Nullable String value) {
            this.listenerMetadata = value;
            return this;
        }

        /** See {@link Seccomp#syscalls()}. */
        public Builder syscalls(List<SeccompSyscall> value) {
            this.syscalls = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public Seccomp build() {
            return new Seccomp(
                    defaultAction, defaultErrnoRet, architectures, flags, listenerPath, listenerMetadata, syscalls);
        }
    }
}
