package org.felucca.images.source;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImportRequest;
import org.felucca.api.image.Progress;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** Something that holds images and can be imported. Confined to one thread but for its blobs. */
public interface ImportSource {
    /**
     * An image.
     *
     * @param name what to call it
     * @param target its manifest or index
     */
    record Found(ImageReference name, Descriptor target) {}

    /**
     * Opens what a request names; an archive is read to its end.
     *
     * @throws FeluccaException INVALID_ARGUMENT if it is no layout or archive of a known form; DATA_LOSS if it is cut
     *     off or a file is not what its name says
     */
    static ImportSource open(ImportRequest request, Spool spool, Progress progress) {
        Path directory = request.directory().orElse(null);
        if (directory != null) {
            return new LayoutDirectory(directory);
        }
        InputStream archive = request.archive().orElseThrow();
        return Archive.read(request.sourceName(), archive, spool, progress);
    }

    /**
     * The images to import, in the order of the source.
     *
     * @param name the name asked for; null for those inside
     * @param platform images for others are passed over
     * @throws FeluccaException NOT_FOUND if there is none for the platform; INVALID_ARGUMENT if one has no name, or a
     *     name was asked for and there are several
     */
    List<Found> images(@Nullable ImageReference name, Platform platform);

    /** Gives the blobs that are not in the content store. */
    BlobSource blobs();
}
