package org.felucca.verbs.image;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.image.RegistryLogins;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.reference.ImageReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code logout}: forgets the credentials of a registry. */
@Component(service = Verb.class)
@PluginId("logout")
public final class LogoutVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("logout", "forget the credentials of a registry")
            .operand(OperandSpec.optional("REGISTRY", Completion.NONE, "host or host:port; docker.io if left out"))
            .build();

    private final RegistryLogins logins;

    /** Makes the verb. */
    @Activate
    public LogoutVerb(@Reference RegistryLogins logins) {
        this.logins = logins;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        logins.logout(
                invocation.operands().isEmpty()
                        ? ImageReference.DEFAULT_DOMAIN
                        : invocation.operands().get(0));
        return new Result.Done();
    }
}
