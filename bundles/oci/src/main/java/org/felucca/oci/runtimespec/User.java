package org.felucca.oci.runtimespec;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonNumber;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Whose rights a process has.
 *
 * @param uid user id; 0 where a document for Windows gives a username alone
 * @param gid group id; 0 where a document for Windows gives a username alone
 * @param umask file creation mask; null if not set
 * @param additionalGids supplementary groups
 * @param username Windows: account name; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#user">runtime-spec, user</a>
 */
public record User(
        long uid,
        long gid,
        @Nullable Long umask,
        List<Long> additionalGids,
        @Nullable String username) {
    /** Copies what can be changed. */
    public User {
        additionalGids = List.copyOf(additionalGids);
    }

    /** A builder with the required parts. */
    public static Builder builder(long uid, long gid) {
        return new Builder(uid, gid);
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder(uid, gid);
        builder.umask = umask;
        builder.additionalGids = additionalGids;
        builder.username = username;
        return builder;
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static User read(JsonCursor at) {
        ObjectReader object = at.object();
        String username = object.optionalString("username");
        User result = new User(
                number(object, "uid", username),
                number(object, "gid", username),
                object.optionalUint32("umask"),
                object.list("additionalGids", JsonCursor::uint32),
                username);
        object.finish();
        return result;
    }

    /** Numbers are for POSIX and required there; a Windows user is a name alone. */
    private static long number(ObjectReader object, String name, @Nullable String username) {
        Long given = object.optionalUint32(name);
        if (given == null) {
            return username == null ? object.required(name, JsonCursor::uint32) : 0;
        }
        return given;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("uid", uid)
                .put("gid", gid)
                .optional("umask", umask)
                .array("additionalGids", additionalGids, JsonNumber::of)
                .optional("username", username)
                .build();
    }

    /** Collects the parts. Confined to one thread. */
    public static final class Builder {
        private long uid;
        private long gid;
        private @Nullable Long umask;
        private List<Long> additionalGids = List.of();
        private @Nullable String username;

        private Builder(long uid, long gid) {
            this.uid = uid;
            this.gid = gid;
        }

        /** See {@link User#uid()}. */
        public Builder uid(long value) {
            this.uid = value;
            return this;
        }

        /** See {@link User#gid()}. */
        public Builder gid(long value) {
            this.gid = value;
            return this;
        }

        /** See {@link User#umask()}. */
        public Builder umask(@Nullable Long value) {
            this.umask = value;
            return this;
        }

        /** See {@link User#additionalGids()}. */
        public Builder additionalGids(List<Long> value) {
            this.additionalGids = value;
            return this;
        }

        /** See {@link User#username()}. */
        public Builder username(@Nullable String value) {
            this.username = value;
            return this;
        }

        /** The value; throws as its constructor does. */
        public User build() {
            return new User(uid, gid, umask, additionalGids, username);
        }
    }
}
