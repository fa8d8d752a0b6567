package org.felucca.verbs.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.api.image.RegistryLogins;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.reference.ImageReference;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code login}: tries and keeps the credentials of a registry. */
@Component(service = Verb.class)
@PluginId("login")
public final class LoginVerb implements Verb {
    private static final int LONGEST = 64 << 10;

    private static final VerbSpec SPEC = VerbSpec.of("login", "keep the credentials of a registry")
            .description("Tries them first; keeps them in the daemon's Docker config.json, or gives them to the "
                    + "credential helper\nnamed there. What is not given is asked for at the terminal; there is no "
                    + "option for the\npassword: on a command line every user of the host sees it.")
            .option(OptionSpec.value(
                            "username", Kind.STRING, "NAME", "user; with --password-stdin, none for an identity token")
                    .shortName('u'))
            .option(OptionSpec.flag("password-stdin", "read the password or token from standard input"))
            .operand(OperandSpec.optional("REGISTRY", Completion.NONE, "host or host:port; docker.io if left out"))
            .example("felucca login registry.example")
            .example("felucca login -u ann --password-stdin registry.example < token")
            .build();

    private final RegistryLogins logins;

    /** Makes the verb. */
    @Activate
    public LoginVerb(@Reference RegistryLogins logins) {
        this.logins = logins;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String registry = invocation.operands().isEmpty()
                ? ImageReference.DEFAULT_DOMAIN
                : invocation.operands().get(0);
        String kept = logins.login(registry, credentials(registry, invocation));
        JsonObject document = JsonObject.builder()
                .put("registry", registry)
                .put("keptIn", kept)
                .build();
        return Result.Lines.of("logged in to " + registry + ", kept in " + kept, document);
    }

    private static Credentials credentials(String registry, Invocation invocation) {
        if (invocation.flag("password-stdin")) {
            return new Credentials(invocation.text("username").orElse(""), secret(registry, invocation));
        }
        if (!invocation.stdinTerminal()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot log in to " + registry,
                    "no password was given, and there is no terminal to ask at",
                    "pipe it in and say --password-stdin");
        }
        String user = invocation.text("username").orElseGet(() -> invocation.ask("Username: ", false));
        String password = invocation.ask("Password: ", true);
        if (user.isEmpty() || password.isEmpty()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot log in to " + registry,
                    (user.isEmpty() ? "the user name" : "the password") + " is empty",
                    "type it, or pipe an identity token in and say --password-stdin");
        }
        return new Credentials(user, password);
    }

    /** What is piped in, without the line end that most tools add. */
    private static String secret(String registry, Invocation invocation) {
        try {
            byte[] bytes = invocation.stdin().readNBytes(LONGEST + 1);
            String text = new String(bytes, StandardCharsets.UTF_8);
            String secret = text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            if (secret.isEmpty() || bytes.length > LONGEST) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "cannot log in to " + registry,
                        "the password on standard input is " + (secret.isEmpty() ? "empty" : "too long"),
                        "pipe the password in, at most " + LONGEST + " bytes");
            }
            return secret;
        } catch (IOException e) {
            throw Invalid.unreadable("standard input", e);
        }
    }
}
