package org.felucca.images.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Progress;
import org.felucca.images.source.Spool.Stored;
import org.felucca.images.source.TarReader.Entry;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.ImageLayout;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** An archive whose files have gone into the content store. */
final class Archive implements ImportSource {
    private static final int MOST_FILES = 100_000;
    private static final Pattern BLOB = Pattern.compile("blobs/([a-z0-9]+)/([0-9a-f]+)");
    private static final String DOCKER_MANIFEST = "manifest.json";

    private final String subject;
    private final Spool spool;
    private final Map<String, Stored> files = new HashMap<>();

    private Archive(String sourceName, Spool spool) {
        this.subject = "cannot import " + sourceName;
        this.spool = spool;
    }

    /** Reads an archive to the end of its stream. */
    static Archive read(String sourceName, InputStream in, Spool spool, Progress progress) {
        Archive archive = new Archive(sourceName, spool);
        try {
            Arrivals arrivals = new Arrivals(in, progress, sourceName);
            archive.readAll(archive.decompressed(arrivals));
            arrivals.done();
            return archive;
        } catch (IOException e) {
            if (e.getCause() instanceof FeluccaException cause) {
                throw cause;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new FeluccaException(ErrorCode.CANCELLED, archive.subject, "the work was interrupted", null, e);
            }
            throw archive.damaged(e);
        } catch (OciFormatException e) {
            throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, archive.subject, e.getMessage(), null, e);
        }
    }

    private FeluccaException damaged(Exception e) {
        String reason = e.getMessage() == null ? e.toString() : e.getMessage();
        return new FeluccaException(
                ErrorCode.DATA_LOSS, subject, reason, "the archive is damaged or of another kind", e);
    }

    private InputStream decompressed(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 256 << 10);
        buffered.mark(4);
        byte[] start = buffered.readNBytes(4);
        buffered.reset();
        if (start.length == 0) {
            throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, subject, "it is empty", "give an archive");
        }
        return switch (Magic.of(start)) {
            case XZ, BZIP2 ->
                throw new FeluccaException(
                        ErrorCode.UNSUPPORTED,
                        subject,
                        "it is compressed with " + Magic.of(start).name().toLowerCase(Locale.ROOT),
                        "compress it with gzip or zstd, or not at all");
            case GZIP, ZSTD, OTHER -> Decompression.of(buffered);
        };
    }

    private void readAll(InputStream in) throws IOException {
        TarReader tar = new TarReader(in);
        Map<String, String> links = new HashMap<>();
        for (Entry entry = tar.next(); entry != null; entry = tar.next()) {
            String path = path(entry.name());
            switch (entry.type()) {
                case FILE -> files.put(path, spool.store(tar.bytes(), expected(path)));
                case HARD_LINK -> links.put(path, path(entry.link()));
                case SYMBOLIC_LINK -> links.put(path, sibling(path, entry.link()));
                case OTHER -> {
                    // Directories, which nothing refers to.
                }
            }
            if (files.size() + links.size() > MOST_FILES) {
                throw new FeluccaException(
                        ErrorCode.RESOURCE_EXHAUSTED, subject, "it has more than " + MOST_FILES + " files");
            }
        }
        // To the end of the stream: it checks the compression's own sum, and whoever writes it sees no broken pipe.
        in.transferTo(OutputStream.nullOutputStream());
        links.forEach((path, target) -> {
            Stored stored = files.get(target);
            if (stored != null) {
                files.putIfAbsent(path, stored);
            }
        });
    }

    @Override
    public List<Found> images(@Nullable ImageReference name, Platform platform) {
        try {
            if (files.containsKey(ImageLayout.MARKER_FILE) && files.containsKey(ImageLayout.INDEX_FILE)) {
                ImageLayout.requireSupported(document(ImageLayout.MARKER_FILE));
                ImageIndex index = ImageIndex.parse(document(ImageLayout.INDEX_FILE));
                return LayoutNames.images(subject, index, name, platform);
            }
            if (files.containsKey(DOCKER_MANIFEST)) {
                return new DockerArchive(subject, files, spool).images(document(DOCKER_MANIFEST), name);
            }
        } catch (OciFormatException e) {
            throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, subject, e.getMessage(), null, e);
        }
        throw new FeluccaException(
                ErrorCode.INVALID_ARGUMENT,
                subject,
                "it has neither " + ImageLayout.INDEX_FILE + " nor " + DOCKER_MANIFEST,
                "give an oci-archive or a docker-archive");
    }

    @Override
    public BlobSource blobs() {
        return (descriptor, offset) -> {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND, subject, "it has no blob " + descriptor.digest(), "the archive is incomplete");
        };
    }

    private byte[] document(String path) {
        Stored stored = files.get(path);
        if (stored == null) {
            throw new IllegalStateException("asked for a file that is not there: " + path);
        }
        return spool.document(Descriptor.of(MediaType.OCI_EMPTY, stored.digest(), stored.size()));
    }

    private static @Nullable Digest expected(String path) {
        Matcher blob = BLOB.matcher(path);
        return blob.matches() ? Digest.parse(blob.group(1) + ":" + blob.group(2)) : null;
    }

    /** A path without dots and empty parts; files are only looked up by it, never opened. */
    private String path(String name) {
        ArrayDeque<String> parts = new ArrayDeque<>();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    throw new FeluccaException(
                            ErrorCode.INVALID_ARGUMENT,
                            subject,
                            "entry " + OciFormatException.quote(name) + " leaves the archive");
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private String sibling(String path, String target) {
        int slash = path.lastIndexOf('/');
        return path(slash < 0 || target.startsWith("/") ? target : path.substring(0, slash) + "/" + target);
    }
}
