package org.felucca.verbs.platform;

import java.util.List;
import java.util.Locale;
import org.felucca.api.command.Column;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.plugin.ProviderInfo;
import org.felucca.api.plugin.Providers;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code plugins}: who fills which role. */
@Component(service = Verb.class)
@PluginId("plugins")
public final class PluginsVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("plugins", "list the providers of every role")
            .option(OptionSpec.value("role", Kind.STRING, "ROLE", "show this role only"))
            .option(OptionSpec.flag("all", "show commands, too").shortName('a'))
            .build();

    private static final String VERB = "verb";

    private static final List<Column> COLUMNS = List.of(
            Column.text("ROLE", "role"),
            Column.text("ID", "id"),
            Column.text("STATE", "state"),
            Column.text("RANKING", "ranking"),
            Column.text("BUNDLE", "bundle"),
            Column.text("VERSION", "version"),
            Column.text("NOTE", "note"));

    private final Providers providers;

    /** Makes the verb. */
    @Activate
    public PluginsVerb(@Reference Providers providers) {
        this.providers = providers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        var role = invocation.text("role");
        boolean all = invocation.flag("all");
        return new Result.Table(
                COLUMNS,
                providers.inventory().stream()
                        .filter(info -> role.map(info.role()::equals).orElse(all || !info.role().equals(VERB)))
                        .map(PluginsVerb::row)
                        .toList());
    }

    private static JsonObject row(ProviderInfo info) {
        return JsonObject.builder()
                .put("role", info.role())
                .put("id", info.id())
                .put("state", info.state().name().toLowerCase(Locale.ROOT))
                .put("ranking", info.ranking())
                .put("bundle", info.bundle())
                .put("version", info.version())
                .put("note", info.note())
                .build();
    }
}
