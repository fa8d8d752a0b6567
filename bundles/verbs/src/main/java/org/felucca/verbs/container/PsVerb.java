package org.felucca.verbs.container;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.felucca.api.command.Column;
import org.felucca.api.command.Column.Format;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.container.ContainerState;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ps}: lists containers. */
@Component(service = Verb.class)
@PluginId("ps")
public final class PsVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("ps", "list containers")
            .option(OptionSpec.flag("all", "show those that do not run, too").shortName('a'))
            .option(OptionSpec.flag("quiet", "show ids only").shortName('q'))
            .option(OptionSpec.flag("no-trunc", "do not shorten ids and commands"))
            .option(OptionSpec.value("filter", Kind.STRING, "KEY=VALUE", "name, id, status, label, ancestor or exited")
                    .shortName('f')
                    .repeating())
            .option(OptionSpec.value("last", Kind.INTEGER, "NUMBER", "show the newest ones, in any state")
                    .shortName('n'))
            .option(OptionSpec.flag("latest", "show the newest one, in any state")
                    .shortName('l'))
            .build();

    private static final List<Column> COLUMNS = List.of(
            Column.of("CONTAINER ID", "id", Format.SHORT_ID),
            Column.text("IMAGE", "image"),
            Column.text("COMMAND", "command"),
            Column.of("CREATED", "created", Format.AGO),
            Column.text("STATUS", "status"),
            Column.text("NAMES", "name"));

    private static final int COMMAND_WIDTH = 24;

    private final ContainerService containers;
    private final InstantSource clock;

    /** Makes the verb. */
    @Activate
    public PsVerb(@Reference ContainerService containers) {
        this(containers, InstantSource.system());
    }

    PsVerb(ContainerService containers, InstantSource clock) {
        this.containers = containers;
        this.clock = clock;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        Predicate<Container> filter = ContainerFilter.of(invocation.texts("filter"));
        OptionalLong last = invocation.flag("latest") ? OptionalLong.of(1) : invocation.number("last");
        boolean anyState = invocation.flag("all")
                || last.isPresent()
                || invocation.texts("filter").stream()
                        .anyMatch(f -> f.startsWith("status=") || f.startsWith("exited="));
        List<Container> shown = containers.list(invocation.namespace()).stream()
                .filter(container -> anyState || alive(container.state()))
                .filter(filter)
                .limit(last.isPresent() && last.getAsLong() >= 0 ? last.getAsLong() : Long.MAX_VALUE)
                .toList();
        if (invocation.flag("quiet")) {
            boolean whole = invocation.flag("no-trunc");
            return new Result.Lines(
                    shown.stream()
                            .map(container -> whole ? container.id() : container.shortId())
                            .toList(),
                    shown.stream()
                            .map(container ->
                                    ContainerDocuments.identity(container).build())
                            .toList());
        }
        Instant now = clock.instant();
        List<JsonObject> rows = shown.stream()
                .map(container -> ContainerDocuments.row(container, now))
                .toList();
        boolean shorten = !invocation.json() && !invocation.flag("no-trunc");
        return new Result.Table(
                COLUMNS, shorten ? rows.stream().map(PsVerb::shorten).toList() : rows);
    }

    /** As docker: the beginning of the command is enough to know it by. */
    private static JsonObject shorten(JsonObject row) {
        if (row.get("command").orElseThrow() instanceof JsonString text
                && text.value().codePointCount(0, text.value().length()) > COMMAND_WIDTH) {
            int end = text.value().offsetByCodePoints(0, COMMAND_WIDTH - 1);
            return row.toBuilder()
                    .put("command", text.value().substring(0, end) + "…")
                    .build();
        }
        return row;
    }

    private static boolean alive(ContainerState state) {
        return switch (state) {
            case RUNNING, PAUSED, ORPHANED -> true;
            case CREATED, EXITED, REMOVING -> false;
        };
    }
}
