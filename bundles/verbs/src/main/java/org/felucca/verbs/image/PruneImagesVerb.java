package org.felucca.verbs.image;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.felucca.api.command.Invocation;
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
import org.felucca.api.lease.Collector;
import org.felucca.api.lease.Collector.Freed;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code image prune}: removes images that nobody needs, and collects what is left of others. */
@Component(service = Verb.class)
@PluginId("image-prune")
public final class PruneImagesVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("image prune", "remove images that nobody needs")
            .description("Removes images without a name that no container uses, and collects what belongs to no image."
                    + "\nAt a terminal it asks first.")
            .option(OptionSpec.flag("all", "images with a name, too").shortName('a'))
            .option(OptionSpec.flag("dry-run", "only say what would be removed"))
            .option(OptionSpec.flag("force", "do not ask").shortName('f'))
            .build();

    private final ImageService images;
    private final ContainerService containers;
    private final Collector collector;

    /** Makes the verb. */
    @Activate
    public PruneImagesVerb(
            @Reference ImageService images, @Reference ContainerService containers, @Reference Collector collector) {
        this.images = images;
        this.containers = containers;
        this.collector = collector;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        boolean dry = invocation.flag("dry-run");
        if (!dry && !invocation.flag("force") && invocation.stdinTerminal()) {
            confirm(invocation);
        }
        List<Image> unused = unused(invocation.namespace(), invocation.flag("all"));
        // Beforehand: the removal of a name starts a collection by itself, whose result goes to nobody.
        Freed freed =
                collector.preview(unused.stream().map(PruneImagesVerb::record).collect(Collectors.toUnmodifiableSet()));
        if (!dry) {
            unused.forEach(this::remove);
            collector.collect();
        }
        return shown(unused, freed, dry);
    }

    private static void confirm(Invocation invocation) {
        String what = invocation.flag("all") ? "all images that no container uses" : "images without a name";
        String answer = invocation.ask("This removes " + what + ". Go on? [y/N] ", false);
        if (!Set.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT))) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot remove images",
                    "it was not confirmed",
                    "answer y, or use -f");
        }
    }

    private List<Image> unused(NamespaceName namespace, boolean all) {
        Set<String> names = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (Container container : containers.list(namespace)) {
            names.add(container.imageName());
            ids.add(container.imageId().toString());
        }
        return images.list(namespace).stream()
                .filter(image -> all || image.unnamed())
                .filter(image -> !names.contains(image.name().toString()))
                .filter(image -> !ids.contains(ImageDocuments.id(image, ImageDocuments.detail(image, images))
                        .toString()))
                .toList();
    }

    private static RecordId record(Image image) {
        return new RecordId(
                RecordKind.IMAGE, image.namespace().value(), image.name().toString());
    }

    /** Removes a name; that somebody else was faster is no failure. */
    private void remove(Image image) {
        try {
            images.remove(image.namespace(), image.name());
        } catch (FeluccaException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static Result shown(List<Image> removed, Freed freed, boolean dry) {
        List<String> lines = new ArrayList<>();
        List<JsonObject> documents = new ArrayList<>();
        for (Image image : removed) {
            lines.add((dry ? "Would untag: " : "Untagged: ") + image.name().familiar());
            documents.add(RemoveImageVerb.untagged(image));
        }
        lines.add((dry ? "Would free " : "Freed ") + freed.blobBytes() + " bytes: " + count(freed.blobs(), "blob")
                + ", " + count(freed.snapshots(), "snapshot"));
        documents.add(JsonObject.builder()
                .put("dryRun", dry)
                .put("blobs", freed.blobs())
                .put("bytes", freed.blobBytes())
                .put("snapshots", freed.snapshots())
                .build());
        return new Result.Lines(lines, documents);
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
