package org.felucca.verbs.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.felucca.api.command.Column;
import org.felucca.api.command.Column.Format;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageService;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.reference.ImageReference;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code images}: lists images. */
@Component(service = Verb.class)
@PluginId("images")
public final class ImagesVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("images", "list images")
            .option(OptionSpec.flag("quiet", "show ids only").shortName('q'))
            .option(OptionSpec.flag("no-trunc", "do not shorten ids"))
            .option(OptionSpec.flag("digests", "show digests"))
            .operand(OperandSpec.optional("REPOSITORY[:TAG]", Completion.IMAGE, "show these only"))
            .build();

    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public ImagesVerb(@Reference ImageService images) {
        this.images = images;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        List<JsonObject> rows = new ArrayList<>();
        Map<String, JsonObject> ids = new LinkedHashMap<>();
        for (Image image : images.list(invocation.namespace())) {
            if (wanted(invocation, image.name())) {
                var detail = ImageDocuments.detail(image, images);
                rows.add(ImageDocuments.row(image, detail));
                String id = invocation.flag("no-trunc")
                        ? ImageDocuments.id(image, detail).toString()
                        : ImageDocuments.id(image, detail).hex().substring(0, 12);
                ids.putIfAbsent(
                        id,
                        JsonObject.builder()
                                .put("id", ImageDocuments.id(image, detail).toString())
                                .build());
            }
        }
        return invocation.flag("quiet")
                ? new Result.Lines(List.copyOf(ids.keySet()), List.copyOf(ids.values()))
                : new Result.Table(columns(invocation), rows);
    }

    private static boolean wanted(Invocation invocation, ImageReference name) {
        if (invocation.operands().isEmpty()) {
            return true;
        }
        String text = invocation.operands().get(0);
        ImageReference asked = Invalid.reference(text);
        boolean tagged = text.lastIndexOf(':') > text.lastIndexOf('/');
        return asked.name().equals(name.name()) && (!tagged || asked.tag().equals(name.tag()));
    }

    private static List<Column> columns(Invocation invocation) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text("REPOSITORY", "repository"));
        columns.add(Column.text("TAG", "tag"));
        if (invocation.flag("digests")) {
            columns.add(Column.text("DIGEST", "digest"));
        }
        columns.add(Column.of("IMAGE ID", "id", Format.SHORT_ID));
        columns.add(Column.of("CREATED", "created", Format.AGO));
        columns.add(Column.of("SIZE", "size", Format.BYTES));
        return columns;
    }
}
