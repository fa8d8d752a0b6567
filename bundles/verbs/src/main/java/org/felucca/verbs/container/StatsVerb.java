package org.felucca.verbs.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.felucca.api.command.Column;
import org.felucca.api.command.Column.Format;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.runtime.Pressure;
import org.felucca.api.runtime.TaskStats;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code stats}: what containers use, read once. */
@Component(service = Verb.class)
@PluginId("stats")
public final class StatsVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("stats", "show what running containers use")
            .description("Reads once and ends; processor time counts from the start of the container. "
                    + "As JSON also how long it waited for processor, memory and io, where the kernel tells.")
            .option(OptionSpec.flag("no-stream", "read once; always so, taken for docker's sake"))
            .option(OptionSpec.flag("no-trunc", "do not shorten ids"))
            .operand(OperandSpec.anyNumber(
                    "CONTAINER", Completion.CONTAINER, "name, or beginning of an id; all if none is given"))
            .build();

    private static final List<Column> COLUMNS = List.of(
            Column.of("CONTAINER ID", "id", Format.SHORT_ID),
            Column.text("NAME", "name"),
            Column.text("CPU TIME", "cpu"),
            Column.of("MEMORY", "memoryBytes", Format.BYTES),
            Column.of("LIMIT", "memoryLimitBytes", Format.BYTES),
            Column.text("PIDS", "pids"));

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public StatsVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        boolean all = invocation.operands().isEmpty();
        List<Container> wanted = all
                ? containers.list(invocation.namespace()).stream()
                        .filter(c -> c.state() == ContainerState.RUNNING || c.state() == ContainerState.PAUSED)
                        .toList()
                : invocation.operands().stream()
                        .map(name -> containers.get(invocation.namespace(), name))
                        .toList();
        List<JsonObject> rows = new ArrayList<>();
        for (Container container : wanted) {
            try {
                rows.add(row(container, containers.stats(invocation.namespace(), container.id())));
            } catch (FeluccaException e) {
                // one that ended since it was listed is no failure of a list of all
                if (!all || e.code() != ErrorCode.NOT_FOUND && e.code() != ErrorCode.FAILED_PRECONDITION) {
                    throw e;
                }
            }
        }
        return new Result.Table(COLUMNS, rows);
    }

    private static JsonObject row(Container container, TaskStats stats) {
        JsonObject.Builder row = JsonObject.builder()
                .put("id", container.id())
                .put("name", container.name())
                .put("cpu", seconds(stats.cpuNanos()))
                .put("cpuNanos", stats.cpuNanos())
                .put("memoryBytes", stats.memoryBytes());
        stats.memoryLimitBytes().ifPresent(limit -> row.put("memoryLimitBytes", limit));
        row.put("pids", stats.pids());
        if (!stats.pressure().isEmpty()) {
            row.put("pressure", pressure(stats.pressure()));
        }
        return row.put("at", stats.at().toString()).build();
    }

    private static JsonObject pressure(Map<Pressure.Resource, Pressure> pressure) {
        JsonObject.Builder all = JsonObject.builder();
        new TreeMap<>(pressure).forEach((resource, waited) -> {
            JsonObject.Builder one = JsonObject.builder().put("some", share(waited.some()));
            waited.full().ifPresent(full -> one.put("full", share(full)));
            all.put(resource.name().toLowerCase(Locale.ROOT), one.build());
        });
        return all.build();
    }

    private static JsonObject share(Pressure.Share share) {
        return JsonObject.builder()
                .put("average10", percent(share.average10()))
                .put("average60", percent(share.average60()))
                .put("average300", percent(share.average300()))
                .put("totalNanos", share.total().toNanos())
                .build();
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2fs", nanos / 1e9);
    }
}
