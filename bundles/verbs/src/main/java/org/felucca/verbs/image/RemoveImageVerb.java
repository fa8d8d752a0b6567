package org.felucca.verbs.image;

import java.util.List;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageService;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.json.JsonObject;
import org.felucca.verbs.batch.Batch;
import org.felucca.verbs.batch.Batch.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code rmi}: removes names of images; content that nothing else needs is collected. */
@Component(service = Verb.class)
@PluginId("rmi")
public final class RemoveImageVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("rmi", "remove images")
            .alias("image rm")
            .option(OptionSpec.flag("force", "even if containers use it, or an id has several names")
                    .shortName('f'))
            .operand(OperandSpec.oneOrMore("IMAGE", Completion.IMAGE, "name, or beginning of an id"))
            .build();

    private final ImageService images;
    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public RemoveImageVerb(@Reference ImageService images, @Reference ContainerService containers) {
        this.images = images;
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        return Batch.each(invocation.operands(), name -> remove(invocation, name));
    }

    private Outcome remove(Invocation invocation, String name) {
        boolean force = invocation.flag("force");
        Image found = images.find(invocation.namespace(), name).orElseThrow(() -> TagVerb.missing("remove", name));
        List<Image> siblings = images.list(invocation.namespace()).stream()
                .filter(image -> image.target().digest().equals(found.target().digest()))
                .toList();
        List<Image> removed = byId(name, found) ? siblings : List.of(found);
        if (removed.size() > 1 && !force) {
            throw refused(name, "it has " + removed.size() + " names", "give the name, or use --force");
        }
        if (removed.size() == siblings.size() && !force) {
            requireUnused(invocation, name, found);
        }
        removed.forEach(image -> images.remove(invocation.namespace(), image.name()));
        return new Outcome(
                removed.stream()
                        .map(image -> "Untagged: " + image.name().familiar())
                        .toList(),
                removed.stream().map(RemoveImageVerb::untagged).toList());
    }

    static JsonObject untagged(Image image) {
        return JsonObject.builder()
                .put("untagged", image.name().toString())
                .put("digest", image.target().digest().toString())
                .build();
    }

    /** Whether an image was found by its id: a prefix of hex digits that is not the name it was found under. */
    private static boolean byId(String text, Image found) {
        String digits = text.startsWith("sha256:") ? text.substring(7) : text;
        return digits.matches("[0-9a-f]{4,64}") && !found.name().path().endsWith("/" + text);
    }

    private void requireUnused(Invocation invocation, String name, Image image) {
        Digest id = ImageDocuments.id(image, ImageDocuments.detail(image, images));
        for (Container container : containers.list(invocation.namespace())) {
            if (container.imageId().equals(id)) {
                throw refused(
                        name, "container " + container.name() + " uses it", "remove the container, or use --force");
            }
        }
    }

    private static FeluccaException refused(String name, String reason, String fix) {
        return new FeluccaException(ErrorCode.FAILED_PRECONDITION, "cannot remove image " + name, reason, fix);
    }
}
