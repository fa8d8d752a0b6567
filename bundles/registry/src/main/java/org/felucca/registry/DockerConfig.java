package org.felucca.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/**
 * Docker's {@code config.json}: {@code auths}, {@code credHelpers}, {@code credsStore}. It is read at every question, as
 * other programs write it too; members that mean nothing here are kept. Thread-safe: one change of the file at a time, and
 * no waiting for helpers meanwhile.
 *
 * @see <a href="https://docs.docker.com/reference/cli/docker/login/">docker login</a>
 */
final class DockerConfig {
    /** What Docker files its own registry under. */
    private static final String HUB = "https://index.docker.io/v1/";

    private static final String AUTHS = "auths";

    private final Path file;
    private final CredentialHelpers helpers;

    DockerConfig(Path file, CredentialHelpers helpers) {
        this.file = file;
        this.helpers = helpers;
    }

    /** The credentials of a registry, by its domain as references write it. */
    Optional<Credentials> credentials(String domain) {
        String subject = "cannot find credentials of " + domain;
        JsonObject config = read(subject);
        try {
            ObjectReader object = JsonCursor.of(file.toString(), config).object();
            Optional<String> helper = helper(object, domain);
            if (helper.isPresent()) {
                Optional<Credentials> found = helpers.get(helper.orElseThrow(), key(domain), subject);
                if (found.isPresent()) {
                    return found;
                }
            }
            Map<String, Entry> auths = object.map(AUTHS, Entry::read);
            for (String name : names(domain)) {
                Entry entry = auths.get(name);
                Optional<Credentials> found = entry == null ? Optional.empty() : entry.credentials(file, name);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (OciFormatException e) {
            throw malformed(subject, e);
        }
    }

    /** Keeps credentials; returns where. */
    String store(String domain, Credentials credentials) {
        String subject = "cannot keep credentials of " + domain;
        Optional<String> helper = helper(subject, read(subject), domain);
        if (helper.isPresent()) {
            helpers.store(helper.orElseThrow(), key(domain), credentials, subject);
            return "credential helper " + helper.orElseThrow();
        }
        JsonObject.Builder entry = JsonObject.builder();
        String pair = credentials.user() + ":" + (credentials.user().isEmpty() ? "" : credentials.secret());
        entry.put("auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        if (credentials.user().isEmpty()) {
            entry.put("identitytoken", credentials.secret());
        }
        put(subject, domain, entry.build());
        return file.toString();
    }

    private synchronized void put(String subject, String domain, JsonObject entry) {
        JsonObject config = read(subject);
        JsonObject auths =
                without(auths(subject, config), domain).put(key(domain), entry).build();
        write(subject, config.toBuilder().put(AUTHS, auths).build());
    }

    /** Forgets credentials; false if there were none. */
    boolean erase(String domain) {
        String subject = "cannot forget credentials of " + domain;
        Optional<String> helper = helper(subject, read(subject), domain);
        boolean erased = false;
        if (helper.isPresent()) {
            String name = helper.orElseThrow();
            erased = helpers.get(name, key(domain), subject).isPresent();
            helpers.erase(name, key(domain), subject);
        }
        return remove(subject, domain) || erased;
    }

    private synchronized boolean remove(String subject, String domain) {
        JsonObject config = read(subject);
        JsonObject auths = auths(subject, config);
        if (names(domain).stream().noneMatch(auths.members()::containsKey)) {
            return false;
        }
        JsonObject left = without(auths, domain).build();
        write(subject, config.toBuilder().put(AUTHS, left).build());
        return true;
    }

    private Optional<String> helper(String subject, JsonObject config, String domain) {
        try {
            return helper(JsonCursor.of(file.toString(), config).object(), domain);
        } catch (OciFormatException e) {
            throw malformed(subject, e);
        }
    }

    private static Optional<String> helper(ObjectReader config, String domain) {
        Map<String, String> byRegistry = config.stringMap("credHelpers");
        for (String name : names(domain)) {
            if (byRegistry.containsKey(name)) {
                return Optional.of(byRegistry.get(name));
            }
        }
        return Optional.ofNullable(config.optionalString("credsStore")).filter(name -> !name.isEmpty());
    }

    private JsonObject auths(String subject, JsonObject config) {
        JsonValue auths = config.get(AUTHS).orElse(JsonObject.EMPTY);
        if (auths instanceof JsonObject object) {
            return object;
        }
        throw malformed(
                subject, new OciFormatException(file.toString(), "/" + AUTHS, "it is no object", "it must be one"));
    }

    private static JsonObject.Builder without(JsonObject auths, String domain) {
        JsonObject.Builder kept = JsonObject.builder();
        List<String> names = names(domain);
        auths.members().forEach((name, value) -> {
            if (!names.contains(name)) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    private JsonObject read(String subject) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            JsonValue value = JsonCursor.of(file.toString(), bytes).value();
            if (value instanceof JsonObject object) {
                return object;
            }
            throw new OciFormatException(file.toString(), null, "it is no object", "it must be one");
        } catch (NoSuchFileException absent) {
            return JsonObject.EMPTY;
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, subject, file + " cannot be read: " + e.getMessage(), null, e);
        } catch (OciFormatException e) {
            throw malformed(subject, e);
        }
    }

    private void write(String subject, JsonObject config) {
        try {
            SecretFile.write(file, config);
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, subject, file + " cannot be written: " + e.getMessage(), null, e);
        }
    }

    private FeluccaException malformed(String subject, OciFormatException e) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION, subject, e.getMessage(), "mend or remove " + file, e);
    }

    private static String key(String domain) {
        return domain.equals(ImageReference.DEFAULT_DOMAIN) ? HUB : domain;
    }

    /** All that programs file a registry under, the usual one first. */
    private static List<String> names(String domain) {
        return domain.equals(ImageReference.DEFAULT_DOMAIN)
                ? List.of(HUB, "index.docker.io", "docker.io", "registry-1.docker.io", "https://index.docker.io/v1")
                : List.of(
                        domain,
                        "https://" + domain,
                        "https://" + domain + "/",
                        "https://" + domain + "/v1/",
                        "https://" + domain + "/v2/",
                        "http://" + domain);
    }

    /** One member of {@code auths}. */
    private record Entry(
            @Nullable String auth,
            @Nullable String identityToken,
            @Nullable String username,
            @Nullable String password) {
        static Entry read(JsonCursor cursor) {
            ObjectReader object = cursor.object();
            return new Entry(
                    object.optionalString("auth"),
                    object.optionalString("identitytoken"),
                    object.optionalString("username"),
                    object.optionalString("password"));
        }

        Optional<Credentials> credentials(Path file, String name) {
            if (identityToken != null && !identityToken.isEmpty()) {
                return Optional.of(new Credentials("", identityToken));
            }
            if (auth != null && !auth.isEmpty()) {
                return Optional.of(decoded(file, name, auth));
            }
            return username == null || password == null || username.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Credentials(username, password));
        }

        /** Never shows what it could not read: it is a secret. */
        private static Credentials decoded(Path file, String name, String auth) {
            try {
                String pair = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                if (colon > 0) {
                    return new Credentials(
                            pair.substring(0, colon), pair.substring(colon + 1).replace("\0", ""));
                }
            } catch (IllegalArgumentException notBase64) {
                throw bad(file, name, "is not base64");
            }
            throw bad(file, name, "holds no user:password");
        }

        private static OciFormatException bad(Path file, String name, String reason) {
            return new OciFormatException(
                    file.toString(), "/" + AUTHS, "what stands for " + name + " " + reason, "log in again");
        }
    }
}
