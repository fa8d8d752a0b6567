package org.felucca.images.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.ImageLayout;
import org.felucca.oci.json.JsonLimits;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** A directory in OCI image layout. */
final class LayoutDirectory implements ImportSource {
    private final Path directory;
    private final String subject;
    private final ImageIndex index;

    LayoutDirectory(Path directory) {
        this.directory = directory;
        this.subject = "cannot import " + directory;
        try {
            ImageLayout.requireSupported(document(ImageLayout.MARKER_FILE));
            this.index = ImageIndex.parse(document(ImageLayout.INDEX_FILE));
        } catch (OciFormatException e) {
            throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, subject, e.getMessage(), null, e);
        }
    }

    @Override
    public List<Found> images(@Nullable ImageReference name, Platform platform) {
        return LayoutNames.images(subject, index, name, platform);
    }

    @Override
    public BlobSource blobs() {
        return new BlobSource() {
            @Override
            public InputStream open(Descriptor descriptor, long offset) {
                return LayoutDirectory.this.open(descriptor, offset);
            }

            @Override
            public boolean worthResuming() {
                return false;
            }
        };
    }

    private InputStream open(Descriptor descriptor, long offset) {
        Path file = directory.resolve(ImageLayout.blobPath(descriptor.digest()));
        try {
            requireRegular(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(offset);
            return Channels.newInputStream(channel);
        } catch (NoSuchFileException e) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    subject,
                    "it has no blob " + descriptor.digest(),
                    "the layout is incomplete",
                    e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private byte[] document(String name) {
        Path file = directory.resolve(name);
        try {
            requireRegular(file);
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(JsonLimits.DEFAULT.bytes() + 1);
            }
        } catch (NoSuchFileException e) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    subject,
                    "it has no file " + name,
                    "give a directory in OCI image layout, an oci-archive or a docker-archive",
                    e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Opening a pipe or a device would block or do worse. */
    private void requireRegular(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, subject, file + " is no regular file");
        }
    }

    private FeluccaException unreadable(IOException e) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT, subject, "it cannot be read: " + e, "check path and permissions", e);
    }
}
