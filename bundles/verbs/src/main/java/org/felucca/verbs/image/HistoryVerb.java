package org.felucca.verbs.image;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.felucca.api.command.Column;
import org.felucca.api.command.Column.Format;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImageService;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.History;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.platform.Platform;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code history}: shows the steps an image was built in, the last first. */
@Component(service = Verb.class)
@PluginId("history")
public final class HistoryVerb implements Verb {
    private static final int SHOWN = 45;
    private static final String MISSING = "<missing>";
    private static final History UNKNOWN = new History(null, null, null, null, false);

    private static final VerbSpec SPEC = VerbSpec.of("history", "show how an image was built")
            .alias("image history")
            .description("Sizes are those of the layers as they are stored. Only the last step has the image's id: "
                    + "steps before\nit are layers, not images.")
            .option(OptionSpec.flag("no-trunc", "do not shorten ids and commands"))
            .option(OptionSpec.flag("quiet", "show ids only").shortName('q'))
            .option(OptionSpec.value("platform", Kind.STRING, "OS/ARCH", "platform to show, if not this host's"))
            .operand(OperandSpec.required("IMAGE", Completion.IMAGE, "name, or beginning of an id"))
            .build();

    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public HistoryVerb(@Reference ImageService images) {
        this.images = images;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String name = invocation.operands().get(0);
        Image image = images.find(invocation.namespace(), name)
                .orElseThrow(() -> TagVerb.missing("show the history of", name));
        Platform platform = invocation.text("platform").map(Invalid::platform).orElseGet(Platform::host);
        ImageDetail detail = images.resolve(image, platform);
        boolean whole = invocation.flag("no-trunc") || invocation.json();
        List<JsonObject> rows = rows(detail, whole);
        if (invocation.flag("quiet")) {
            String id = detail.id().toString();
            return Result.Lines.of(
                    whole ? id : detail.id().shortHex(),
                    JsonObject.builder().put("id", id).build());
        }
        return new Result.Table(
                List.of(
                        Column.of("IMAGE", "id", Format.SHORT_ID),
                        Column.of("CREATED", "created", Format.AGO),
                        Column.text("CREATED BY", "createdBy"),
                        Column.of("SIZE", "size", Format.BYTES),
                        Column.text("COMMENT", "comment")),
                rows);
    }

    /** A step and the layer it made. */
    private record Step(History history, Optional<Descriptor> layer) {}

    private static List<JsonObject> rows(ImageDetail image, boolean whole) {
        List<Step> steps = steps(image);
        Collections.reverse(steps);
        List<JsonObject> rows = new ArrayList<>();
        for (Step step : steps) {
            String id = rows.isEmpty() ? image.id().toString() : MISSING;
            rows.add(row(step, id, whole));
        }
        return rows;
    }

    /** The steps, oldest first. A history that tells of fewer layers than there are is no reason to hide the others. */
    private static List<Step> steps(ImageDetail image) {
        List<Descriptor> layers = image.manifest().layers();
        List<Step> steps = new ArrayList<>();
        int next = 0;
        for (History history : image.config().history()) {
            boolean hasLayer = !history.emptyLayer() && next < layers.size();
            steps.add(new Step(history, hasLayer ? Optional.of(layers.get(next++)) : Optional.empty()));
        }
        while (next < layers.size()) {
            steps.add(new Step(UNKNOWN, Optional.of(layers.get(next++))));
        }
        return steps;
    }

    private static JsonObject row(Step step, String id, boolean whole) {
        History history = step.history();
        String command = history.createdBy() == null ? "" : history.createdBy();
        JsonObject.Builder row = JsonObject.builder().put("id", id);
        if (history.created() != null) {
            row.put("created", history.created().toString());
        }
        row.put("createdBy", whole ? command : cut(command))
                .put("size", step.layer().map(Descriptor::size).orElse(0L))
                .put("comment", history.comment() == null ? "" : history.comment());
        step.layer().ifPresent(layer -> row.put("layer", layer.digest().toString()));
        return row.build();
    }

    private static String cut(String command) {
        return command.codePointCount(0, command.length()) <= SHOWN
                ? command
                : command.substring(0, command.offsetByCodePoints(0, SHOWN - 1)) + "…";
    }
}
