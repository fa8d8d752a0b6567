package org.felucca.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/** Turns what registries and networks answer into what the contract says. */
final class Refusals {
    private static final int EXPLANATION_LIMIT = 16 << 10;

    private Refusals() {}

    /**
     * What a final status means. Reads, but does not close, the body for the registry's own words.
     *
     * @param limits what the answer says about the rate of requests, or the empty string
     */
    static FeluccaException of(String subject, String registry, int status, InputStream body, String limits) {
        String words = explanation(body);
        String said = "registry " + registry + " answered " + status + (words.isEmpty() ? "" : " (" + words + ")")
                + (status != 429 || limits.isEmpty() ? "" : ": " + limits);
        return switch (status) {
            case 401 ->
                new FeluccaException(
                        ErrorCode.UNAUTHENTICATED,
                        subject,
                        said,
                        "check the name, or run 'felucca login " + registry + "'");
            case 403 ->
                new FeluccaException(ErrorCode.PERMISSION_DENIED, subject, said, "use credentials that may do that");
            case 400, 405 ->
                new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT, subject, said, "see what the registry accepts, and its own log");
            case 404 -> new FeluccaException(ErrorCode.NOT_FOUND, subject, said, "check name, tag and digest");
            // Only the rest of a blob is ever asked for by range, and only below the length of its descriptor.
            case 416 ->
                new FeluccaException(
                        ErrorCode.DATA_LOSS,
                        subject,
                        said + ": it has less of it than the manifest says",
                        "push the image again");
            case 429 ->
                new FeluccaException(
                        ErrorCode.RESOURCE_EXHAUSTED, subject, said, "try again later, or provide credentials");
            default -> new FeluccaException(ErrorCode.UNAVAILABLE, subject, said, "try again later");
        };
    }

    /** What it means that a proxy lets nothing through. */
    static FeluccaException proxyRefuses(String subject, String proxy) {
        return new FeluccaException(
                ErrorCode.UNAUTHENTICATED,
                subject,
                (proxy.isEmpty() ? "a proxy" : proxy) + " asks for other credentials",
                "give them in its address: http://user:password@host:port");
    }

    /** What it means that no answer came. */
    static FeluccaException unreachable(String subject, String registry, IOException e) {
        String fix =
                e instanceof SSLException ? tlsFix(String.valueOf(e.getMessage())) : "check the name and the network";
        return new FeluccaException(
                ErrorCode.UNAVAILABLE, subject, "registry " + registry + " cannot be reached: " + words(e), fix, e);
    }

    private static String tlsFix(String message) {
        return message.contains("certificate_required") || message.contains("bad_certificate")
                ? "name a client certificate and its key in hosts.toml: client = [[\"certificate\", \"key\"]]"
                : "its certificate must be signed by an authority this machine trusts or hosts.toml names as ca";
    }

    /** What it means that the thread was interrupted; the flag is set again. */
    static FeluccaException cancelled(String subject, @Nullable Throwable cause) {
        Thread.currentThread().interrupt();
        return new FeluccaException(ErrorCode.CANCELLED, subject, "the work was interrupted", null, cause);
    }

    /** Text of a network failure; the JDK leaves it out of some, and hides the reason of others below. */
    private static String words(Throwable e) {
        Throwable deepest = e;
        boolean refused = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "its name has no address";
            }
            refused |= cause instanceof ConnectException && cause.getMessage() == null;
            deepest = deepest.getMessage() == null ? cause : deepest;
        }
        String type = deepest.getClass().getSimpleName();
        if (deepest.getMessage() == null) {
            return refused ? "it accepts no connection" : type;
        }
        return type + ": " + deepest.getMessage();
    }

    /** The first error of an error document (distribution-spec, "Error Codes"), or nothing. */
    private static String explanation(InputStream body) {
        try {
            ObjectReader object =
                    JsonCursor.of("error", body.readNBytes(EXPLANATION_LIMIT)).object();
            return object.list("errors", at -> describe(at.object())).stream()
                    .findFirst()
                    .orElse("");
        } catch (IOException | OciFormatException e) {
            // A proxy's page or a broken connection: the status has to do.
            return "";
        }
    }

    private static String describe(ObjectReader error) {
        String code = error.optionalString("code");
        String message = error.optionalString("message");
        String text = (code == null ? "" : code) + (message == null ? "" : ": " + message);
        String plain = OciFormatException.quote(text);
        return plain.substring(1, plain.length() - 1);
    }
}
