package org.felucca.registry;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.api.process.HostExec;
import org.felucca.api.process.HostExec.HostExecRequest;
import org.felucca.api.process.HostExec.HostExecResult;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Programs {@code docker-credential-NAME} that keep credentials. Thread-safe; calls block up to half a minute.
 *
 * @see <a href="https://github.com/docker/docker-credential-helpers#development">the helpers' protocol</a>
 */
final class CredentialHelpers {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int OUTPUT_LIMIT = 64 << 10;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String NOT_FOUND = "credentials not found";
    private static final String TOKEN_USER = "<token>";

    private final Supplier<@Nullable HostExec> exec;
    private final Map<String, String> environment;

    /**
     * @param exec runs programs; null while nobody does
     * @param environment the daemon's, of which helpers get PATH, HOME and what begins with DOCKER_
     */
    CredentialHelpers(Supplier<@Nullable HostExec> exec, Map<String, String> environment) {
        this.exec = exec;
        this.environment = Map.copyOf(environment);
    }

    /** Asks a helper; empty if it has nothing for that server. */
    Optional<Credentials> get(String helper, String server, String subject) {
        HostExecResult result = run(helper, "get", server.getBytes(StandardCharsets.UTF_8), subject);
        if (!result.status().success()) {
            String said = said(result);
            if (said.contains(NOT_FOUND)) {
                return Optional.empty();
            }
            throw failed(helper, subject, said);
        }
        try {
            ObjectReader answer = JsonCursor.of("the answer", result.stdout()).object();
            String user = answer.string("Username");
            return Optional.of(new Credentials(user.equals(TOKEN_USER) ? "" : user, answer.string("Secret")));
        } catch (OciFormatException e) {
            // The cause would show what was read, and that may be a secret.
            throw failed(helper, subject, "its answer is no document with Username and Secret");
        }
    }

    /** Gives a helper something to keep. */
    void store(String helper, String server, Credentials credentials, String subject) {
        byte[] document = Json.bytes(JsonObject.builder()
                .put("ServerURL", server)
                .put("Username", credentials.user().isEmpty() ? TOKEN_USER : credentials.user())
                .put("Secret", credentials.secret())
                .build());
        require(helper, run(helper, "store", document, subject), subject);
    }

    /** Makes a helper forget. */
    void erase(String helper, String server, String subject) {
        require(helper, run(helper, "erase", server.getBytes(StandardCharsets.UTF_8), subject), subject);
    }

    private static void require(String helper, HostExecResult result, String subject) {
        if (!result.status().success()) {
            throw failed(helper, subject, said(result));
        }
    }

    private HostExecResult run(String helper, String action, byte[] input, String subject) {
        if (!NAME.matcher(helper).matches()) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "credential helper " + OciFormatException.quote(helper) + " is no name of a program",
                    "mend credsStore or credHelpers in config.json");
        }
        HostExec service = exec.get();
        if (service == null) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, subject, "nobody here runs credential helper " + helper, "try again later");
        }
        List<String> passed = environment.entrySet().stream()
                .filter(entry -> entry.getKey().equals("PATH")
                        || entry.getKey().equals("HOME")
                        || entry.getKey().startsWith("DOCKER_"))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
        List<String> argv = List.of(program(helper, subject), action);
        return service.run(new HostExecRequest(argv, passed, "/", input, DEADLINE, OUTPUT_LIMIT));
    }

    private String program(String helper, String subject) {
        String name = "docker-credential-" + helper;
        String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        for (String directory : path.split(":")) {
            if (directory.startsWith("/")) {
                Path candidate = Path.of(directory, name);
                if (Files.isExecutable(candidate)) {
                    return candidate.toString();
                }
            }
        }
        throw new FeluccaException(
                ErrorCode.FAILED_PRECONDITION,
                subject,
                "credential helper " + name + " is not in " + path,
                "install it, or mend credsStore or credHelpers in config.json");
    }

    private static FeluccaException failed(String helper, String subject, String said) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION,
                subject,
                "credential helper " + helper + " failed: " + said,
                "run docker-credential-" + helper + " by hand");
    }

    /** What a failed helper printed; by its protocol errors go to standard output. */
    private static String said(HostExecResult result) {
        String out = new String(result.stdout(), StandardCharsets.UTF_8).strip();
        String text = out.isEmpty() ? result.stderr().strip() : out;
        return text.length() > 200 ? text.substring(0, 200) : text;
    }
}
