package org.felucca.core.lifecycle;

import java.util.Optional;
import java.util.function.Supplier;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImageService;
import org.felucca.api.image.Progress;
import org.felucca.api.image.PullPolicy;
import org.felucca.api.image.PullRequest;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the image of a request is here, resolved and unpacked. Stateless. */
final class ImageStep {
    private static final Logger LOG = LoggerFactory.getLogger(ImageStep.class);

    private final Supplier<ImageService> images;

    /**
     * Uses the image service.
     *
     * @param images returns it, or throws UNAVAILABLE
     */
    ImageStep(Supplier<ImageService> images) {
        this.images = images;
    }

    /**
     * Returns the image of a request, unpacked.
     *
     * @throws FeluccaException INVALID_ARGUMENT if the name is no reference; NOT_FOUND if it is not here and not to be
     *     pulled; what the image service throws
     */
    ImageDetail ensure(ContainerRequest request, Platform platform, String snapshotter, Progress progress) {
        ImageService service = images.get();
        @Nullable FeluccaException damage = null;
        if (request.pullPolicy() != PullPolicy.ALWAYS) {
            try {
                Optional<ImageDetail> here = service.find(request.namespace(), request.image())
                        .flatMap(image -> forPlatform(service, image, request, platform));
                if (here.isPresent()) {
                    service.unpack(here.get(), snapshotter, progress);
                    return here.get();
                }
            } catch (FeluccaException e) {
                boolean lost = e.is(ErrorCode.DATA_LOSS) || e.is(ErrorCode.NOT_FOUND);
                if (!lost || request.pullPolicy() == PullPolicy.NEVER) {
                    throw e;
                }
                // Part of it is damaged or gone; it may be had again from where it came from.
                LOG.warn("{}; the image is pulled again", e.getMessage());
                damage = e;
            }
            if (request.pullPolicy() == PullPolicy.NEVER) {
                throw new FeluccaException(
                        ErrorCode.NOT_FOUND,
                        "cannot find image " + request.image(),
                        request.platform()
                                .map(asked -> "it is not here for " + asked + " and is not to be pulled")
                                .orElse("it is not here and is not to be pulled"),
                        "pull it first or leave --pull=never out");
            }
        }
        PullRequest pull =
                PullRequest.of(request.namespace(), reference(request.image())).snapshotter(snapshotter);
        try {
            ImageDetail detail =
                    service.pull(request.platform().map(pull::platform).orElse(pull), progress);
            service.unpack(detail, snapshotter, progress);
            return detail;
        } catch (FeluccaException e) {
            if (damage == null) {
                throw e;
            }
            damage.addSuppressed(e);
            throw new FeluccaException(
                    damage.code(),
                    damage.subject(),
                    damage.reason() + ", and it cannot be pulled again (" + e.reason() + ")",
                    e.fix().orElse(null),
                    damage);
        }
    }

    /** An image that is here for another platform than the one asked for is not the one asked for. */
    private static Optional<ImageDetail> forPlatform(
            ImageService service, Image image, ContainerRequest request, Platform platform) {
        if (request.platform().isEmpty()) {
            return Optional.of(service.resolve(image, platform));
        }
        try {
            return Optional.of(service.resolve(image, platform))
                    .filter(detail -> platform.matcher().matches(detail.config().platform()));
        } catch (FeluccaException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static ImageReference reference(String text) {
        try {
            return ImageReference.parse(text);
        } catch (OciFormatException e) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT, "invalid image reference " + text, e.reason(), e.fix(), e);
        }
    }
}
