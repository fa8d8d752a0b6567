package org.felucca.core.lifecycle;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.felucca.api.container.ContainerCommit;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageCommit;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImageService;
import org.felucca.api.image.Progress;
import org.felucca.api.image.SnapshotSource;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskState;
import org.felucca.core.compose.Composer;
import org.felucca.core.record.ContainerRecord;
import org.felucca.core.record.Entry;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.oci.platform.Platform;

/** What a container changed, and images of it. The caller holds the container's turn. Stateless. */
final class Commits {
    private final Supplier<ImageService> images;
    private final Composer composer;

    /** @param images returns the image service, or throws UNAVAILABLE */
    Commits(Supplier<ImageService> images, Composer composer) {
        this.images = images;
        this.composer = composer;
    }

    List<PathChange> changes(Entry entry) {
        List<PathChange> changes = new ArrayList<>();
        images.get().compare(source(entry), changes::add);
        return changes;
    }

    void export(Entry entry, OutputStream tar) {
        images.get().writeTree(source(entry), tar);
    }

    ImageDetail commit(Entry entry, ContainerCommit commit, Progress progress) {
        ImageService service = images.get();
        ContainerRecord container = entry.record();
        ImageDetail base = base(service, container);
        ContainerDefaults started = defaults(container, base.config().defaults());
        ImageCommit plain = ImageCommit.of(
                        entry.key().namespace(),
                        base,
                        source(entry),
                        commit.change().apply(started))
                .author(commit.author())
                .comment(commit.comment())
                .createdBy(String.join(" ", container.launch().args()));
        ImageCommit named = commit.name().map(plain::name).orElse(plain);
        Task task = entry.task();
        if (task == null || !commit.pause() || task.state() != TaskState.RUNNING) {
            return service.commit(named, progress);
        }
        task.pause();
        try {
            return service.commit(named, progress);
        } finally {
            resume(task);
        }
    }

    /** Thaws, also when interrupted: the container is not what was to be stopped. */
    private static void resume(Task task) {
        boolean interrupted = Thread.interrupted();
        try {
            task.resume();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static SnapshotSource source(Entry entry) {
        return new SnapshotSource(entry.record().snapshotter(), entry.key().snapshot());
    }

    /** The image that a container was made from, by whatever name it is here. */
    private ImageDetail base(ImageService service, ContainerRecord container) {
        Platform platform = composer.platform(container.request());
        List<Optional<Image>> candidates = List.of(
                service.find(container.key().namespace(), container.imageName()),
                service.find(container.key().namespace(), container.imageId().toString()));
        for (Optional<Image> candidate : candidates) {
            if (candidate.isPresent()) {
                ImageDetail detail = service.resolve(candidate.get(), platform);
                if (detail.id().equals(container.imageId())) {
                    return detail;
                }
            }
        }
        throw new FeluccaException(
                ErrorCode.FAILED_PRECONDITION,
                "cannot commit container " + container.name(),
                "its image " + container.imageId().shortHex() + " is not here any more",
                "pull " + container.imageName() + " again, if it is still the same");
    }

    /** What a container started with, in the terms of an image: the request over the image below. */
    private static ContainerDefaults defaults(ContainerRecord container, ContainerDefaults image) {
        ContainerRequest request = container.request();
        ContainerDefaults.Builder defaults = image.toBuilder()
                // A name without a value took a variable away.
                .env(container.launch().environment().stream()
                        .filter(entry -> entry.indexOf('=') >= 0)
                        .toList())
                .labels(request.labels());
        if (request.entrypoint().isPresent()) {
            defaults.entrypoint(request.entrypoint().get()).cmd(request.command());
        } else if (!request.command().isEmpty()) {
            defaults.cmd(request.command());
        }
        if (!request.user().isEmpty()) {
            defaults.user(request.user());
        }
        if (!request.workingDirectory().isEmpty()) {
            defaults.workingDir(request.workingDirectory());
        }
        if (!request.stopSignal().isEmpty()) {
            defaults.stopSignal(request.stopSignal());
        }
        return defaults.build();
    }
}
