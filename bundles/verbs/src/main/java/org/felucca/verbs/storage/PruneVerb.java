package org.felucca.verbs.storage;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.container.ContainerState;
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

/** {@code system prune}: frees what nothing needs. */
@Component(service = Verb.class)
@PluginId("system-prune")
public final class PruneVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("system prune", "free what nothing needs")
            .description(
                    "Collects blobs, unpacked layers and broken transfers that belong to no image and no container;"
                            + " with options, containers and images first. What is under way keeps its parts."
                            + "\nWith --containers or --images it asks first, at a terminal.")
            .option(OptionSpec.flag("containers", "remove the containers that do not run"))
            .option(OptionSpec.flag("images", "remove the images that no container uses then"))
            .option(OptionSpec.flag("dry-run", "only say what would go"))
            .option(OptionSpec.flag("force", "do not ask").shortName('f'))
            .build();

    private final ContainerService containers;
    private final ImageService images;
    private final Collector collector;

    /** Makes the verb. */
    @Activate
    public PruneVerb(
            @Reference ContainerService containers, @Reference ImageService images, @Reference Collector collector) {
        this.containers = containers;
        this.images = images;
        this.collector = collector;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        NamespaceName namespace = invocation.namespace();
        boolean dry = invocation.flag("dry-run");
        boolean removes = invocation.flag("containers") || invocation.flag("images");
        if (removes && !dry && !invocation.flag("force") && invocation.stdinTerminal()) {
            confirm(invocation);
        }
        List<Container> idle = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (Container container : containers.list(namespace)) {
            boolean stays = container.state() != ContainerState.EXITED && container.state() != ContainerState.CREATED;
            if (invocation.flag("containers") && !stays) {
                idle.add(container);
            } else {
                used.add(container.imageName());
            }
        }
        List<Image> unused = invocation.flag("images")
                ? images.list(namespace).stream()
                        .filter(image -> !used.contains(image.name().toString()))
                        .toList()
                : List.of();
        Set<RecordId> without = new HashSet<>();
        idle.forEach(container -> without.add(new RecordId(RecordKind.CONTAINER, namespace.value(), container.id())));
        unused.forEach(image -> without.add(
                new RecordId(RecordKind.IMAGE, namespace.value(), image.name().toString())));
        // Beforehand: each removal starts a collection by itself, whose result goes to nobody.
        Freed freed = collector.preview(without);
        if (!dry) {
            idle.forEach(container -> unlessGone(() -> containers.remove(namespace, container.id(), false)));
            unused.forEach(image -> unlessGone(() -> images.remove(namespace, image.name())));
            collector.collect();
        }
        return shown(idle, unused, freed, dry);
    }

    private static void confirm(Invocation invocation) {
        String what = !invocation.flag("images")
                ? "all containers that do not run"
                : invocation.flag("containers")
                        ? "all containers that do not run, and all images that no container uses then"
                        : "all images that no container uses";
        String answer = invocation.ask("This removes " + what + ". Go on? [y/N] ", false);
        if (!Set.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT))) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, "cannot prune", "it was not confirmed", "answer y, or use -f");
        }
    }

    /** That somebody else was faster, or has started the container meanwhile, is no failure. */
    private static void unlessGone(Runnable removal) {
        try {
            removal.run();
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.NOT_FOUND) && !e.is(ErrorCode.FAILED_PRECONDITION)) {
                throw e;
            }
            // What it would have freed is still in use, or is free.
        }
    }

    private static Result shown(List<Container> idle, List<Image> unused, Freed freed, boolean dry) {
        List<String> lines = new ArrayList<>();
        List<JsonObject> documents = new ArrayList<>();
        for (Container container : idle) {
            lines.add((dry ? "Would remove: " : "Removed: ") + container.name());
            documents.add(JsonObject.builder()
                    .put("id", container.id())
                    .put("name", container.name())
                    .build());
        }
        for (Image image : unused) {
            lines.add((dry ? "Would untag: " : "Untagged: ") + image.name().familiar());
            documents.add(JsonObject.builder()
                    .put("untagged", image.name().toString())
                    .put("digest", image.target().digest().toString())
                    .build());
        }
        lines.add((dry ? "Would free " : "Freed ") + freed.blobBytes() + " bytes in " + freed.blobs() + " blobs, and "
                + freed.snapshots() + " snapshots");
        documents.add(JsonObject.builder()
                .put("dryRun", dry)
                .put("blobs", freed.blobs())
                .put("bytes", freed.blobBytes())
                .put("snapshots", freed.snapshots())
                .build());
        return new Result.Lines(lines, documents);
    }
}
