package org.felucca.verbs.image;

import java.util.List;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageService;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.JsonObject;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code tag}: gives an image another name. */
@Component(service = Verb.class)
@PluginId("tag")
public final class TagVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("tag", "give an image another name")
            .operand(OperandSpec.required("IMAGE", Completion.IMAGE, "name, or beginning of an id"))
            .operand(OperandSpec.required("NAME", Completion.NONE, "the new name"))
            .build();

    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public TagVerb(@Reference ImageService images) {
        this.images = images;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String source = invocation.operands().get(0);
        Image image = images.find(invocation.namespace(), source).orElseThrow(() -> missing("tag", source));
        Image tagged = images.tag(image, Invalid.reference(invocation.operands().get(1)));
        JsonObject document = JsonObject.builder()
                .put("name", tagged.name().toString())
                .put("from", image.name().toString())
                .put("digest", tagged.target().digest().toString())
                .build();
        return new Result.Lines(List.of(), List.of(document));
    }

    static FeluccaException missing(String what, String name) {
        return new FeluccaException(
                ErrorCode.NOT_FOUND,
                "cannot " + what + " image " + name,
                "there is no such image",
                "see 'felucca images', or pull it");
    }
}
