package org.felucca.images.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.images.source.ImportSource.Found;
import org.felucca.images.source.Spool.Stored;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker save} writes: {@code manifest.json} lists, for each image, the file of its configuration, those of
 * its layers and its names. An OCI manifest that says the same is made and stored.
 */
final class DockerArchive {
    private final String subject;
    private final Map<String, Stored> files;
    private final Spool spool;

    DockerArchive(String subject, Map<String, Stored> files, Spool spool) {
        this.subject = subject;
        this.files = files;
        this.spool = spool;
    }

    /** One image of {@code manifest.json}. */
    private record Item(String config, List<String> names, List<String> layers) {
        static Item read(JsonCursor at) {
            ObjectReader object = at.object();
            return new Item(object.string("Config"), object.strings("RepoTags"), object.strings("Layers"));
        }
    }

    List<Found> images(byte[] manifestJson, @Nullable ImageReference name) {
        List<Item> items = JsonCursor.of("manifest.json", manifestJson).list(Item::read);
        if (items.isEmpty()) {
            throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, subject, "its manifest.json names no image");
        }
        if (name != null && items.size() > 1) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    subject,
                    "it holds " + items.size() + " images",
                    "import it without a name");
        }
        List<Found> found = new ArrayList<>();
        for (Item item : items) {
            Descriptor target = manifest(item);
            if (name != null) {
                found.add(new Found(name, target));
                continue;
            }
            if (item.names().isEmpty()) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT, subject, "image " + item.config() + " has no name", "give it one");
            }
            for (String text : item.names()) {
                found.add(new Found(LayoutNames.parse(subject, text), target));
            }
        }
        return found;
    }

    private Descriptor manifest(Item item) {
        Stored config = file(item.config());
        List<Descriptor> layers = item.layers().stream()
                .map(path -> {
                    Stored stored = file(path);
                    return Descriptor.of(layerType(stored), stored.digest(), stored.size());
                })
                .toList();
        Manifest manifest = Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config.digest(), config.size()), layers);
        byte[] document = Json.bytes(manifest.toJson());
        Descriptor descriptor = Descriptor.of(MediaType.OCI_MANIFEST, document);
        try {
            spool.store(new ByteArrayInputStream(document), descriptor.digest());
            return descriptor;
        } catch (IOException e) {
            throw new FeluccaException(ErrorCode.INTERNAL, subject, "memory could not be read", null, e);
        }
    }

    private Stored file(String path) {
        Stored stored = files.get(path);
        if (stored == null) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    subject,
                    "manifest.json names " + path + ", which is not there",
                    "the archive is incomplete");
        }
        return stored;
    }

    private static MediaType layerType(Stored layer) {
        return switch (Magic.of(layer.magic())) {
            case GZIP -> MediaType.OCI_LAYER_GZIP;
            case ZSTD -> MediaType.OCI_LAYER_ZSTD;
            case XZ, BZIP2, OTHER -> MediaType.OCI_LAYER;
        };
    }
}
