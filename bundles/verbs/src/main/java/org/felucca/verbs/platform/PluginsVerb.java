package org.felucca.verbs.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.felucca.api.command.Column;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.plugin.PluginFile;
import org.felucca.api.plugin.PluginFolder;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.plugin.ProviderInfo;
import org.felucca.api.plugin.Providers;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

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
    private final AtomicReference<PluginFolder> folder = new AtomicReference<>();

    /** Makes the verb. */
    @Activate
    public PluginsVerb(@Reference Providers providers) {
        this.providers = providers;
    }

    /** Takes the owner of the plugins folder, where there is one. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindFolder(PluginFolder owner) {
        folder.set(owner);
    }

    /** Lets it go. */
    public void unbindFolder(PluginFolder owner) {
        folder.compareAndSet(owner, null);
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        var role = invocation.text("role");
        boolean all = invocation.flag("all");
        List<JsonObject> rows = new ArrayList<>();
        providers.inventory().stream()
                .filter(info ->
                        role.map(info.role()::equals).orElse(all || !info.role().equals(VERB)))
                .map(PluginsVerb::row)
                .forEach(rows::add);
        PluginFolder owner = folder.get();
        if (owner != null && role.isEmpty()) {
            owner.files().stream()
                    .filter(file -> file.state() == PluginFile.State.REFUSED)
                    .map(PluginsVerb::refused)
                    .forEach(rows::add);
        }
        return new Result.Table(COLUMNS, rows);
    }

    /** A file of the plugins folder that provides nothing, and why. */
    private static JsonObject refused(PluginFile file) {
        return JsonObject.builder()
                .put("role", "-")
                .put("id", file.file())
                .put("state", "refused")
                .put("bundle", file.bundle())
                .put("version", file.version())
                .put("note", file.note())
                .build();
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
