package org.felucca.api.image;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/**
 * What to import: a directory in OCI image-layout, or a stream holding an oci-archive or docker-archive, plain or
 * compressed with gzip or zstd; which of them it is is found from its contents. Immutable; withers return new requests.
 */
public final class ImportRequest {
    private final NamespaceName namespace;
    private final @Nullable Path directory;
    private final @Nullable InputStream archive;
    private final String sourceName;
    private final @Nullable ImageReference name;
    private final @Nullable Platform platform;
    private final @Nullable String snapshotter;

    private ImportRequest(
            NamespaceName namespace,
            @Nullable Path directory,
            @Nullable InputStream archive,
            String sourceName,
            @Nullable ImageReference name,
            @Nullable Platform platform,
            @Nullable String snapshotter) {
        this.namespace = namespace;
        this.directory = directory;
        this.archive = archive;
        this.sourceName = sourceName;
        this.name = name;
        this.platform = platform;
        this.snapshotter = snapshotter;
    }

    /** Imports a directory in OCI image-layout. */
    public static ImportRequest layout(NamespaceName namespace, Path directory) {
        return new ImportRequest(namespace, directory, null, directory.toString(), null, null, null);
    }

    /**
     * Imports an archive.
     *
     * @param archive the bytes; read to the end of the archive, not closed
     * @param sourceName what to call it in messages: a path, {@code stdin}
     */
    public static ImportRequest archive(NamespaceName namespace, InputStream archive, String sourceName) {
        return new ImportRequest(namespace, null, archive, sourceName, null, null, null);
    }

    /** Names the image; otherwise the names inside are used, and an image without one is refused. */
    public ImportRequest name(ImageReference newName) {
        return new ImportRequest(namespace, directory, archive, sourceName, newName, platform, snapshotter);
    }

    /** Chooses a platform other than this host's. */
    public ImportRequest platform(Platform other) {
        return new ImportRequest(namespace, directory, archive, sourceName, name, other, snapshotter);
    }

    /** Chooses a snapshotter, by plugin id. */
    public ImportRequest snapshotter(String id) {
        return new ImportRequest(namespace, directory, archive, sourceName, name, platform, id);
    }

    /** Returns the tenant. */
    public NamespaceName namespace() {
        return namespace;
    }

    /** Returns the layout's directory, if it is one. */
    public Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    /** Returns the archive, if it is one. */
    public Optional<InputStream> archive() {
        return Optional.ofNullable(archive);
    }

    /** Returns what to call the source in messages. */
    public String sourceName() {
        return sourceName;
    }

    /** Returns the name to give, if any. */
    public Optional<ImageReference> name() {
        return Optional.ofNullable(name);
    }

    /** Returns the platform, if not this host's. */
    public Optional<Platform> platform() {
        return Optional.ofNullable(platform);
    }

    /** Returns the snapshotter's id, if not the default. */
    public Optional<String> snapshotter() {
        return Optional.ofNullable(snapshotter);
    }
}
