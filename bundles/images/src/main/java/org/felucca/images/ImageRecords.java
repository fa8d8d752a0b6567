package org.felucca.images;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.MetadataStore.Transaction;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.reference.ImageReference;

/**
 * Names of images and what they keep alive, as records:
 *
 * <pre>
 *   IMAGE (root) ─▶ CONTENT of the index ─▶ CONTENT of the manifest ─┬─▶ CONTENT of configuration and layers
 *                                                                    └─▶ SNAPSHOT of the topmost chain, per snapshotter
 * </pre>
 *
 * <p>A CONTENT record only ever gains references: the same blob may belong to several images. Blobs without a record are
 * kept by a lease, or are garbage. Thread-safe.
 */
final class ImageRecords {
    private final MetadataStore metadata;
    private final Clock clock;

    ImageRecords(MetadataStore metadata, Clock clock) {
        this.metadata = metadata;
        this.clock = clock;
    }

    /** The record of a blob. */
    static RecordId content(String store, Digest digest) {
        return new RecordId(RecordKind.CONTENT, store, digest.toString());
    }

    /** Names an image that is all there; survives a crash of the host when it returns. */
    Image name(
            NamespaceName namespace, ImageReference name, ResolvedImage image, String store, Set<RecordId> snapshots) {
        return metadata.update(Durability.FULL, transaction -> {
            keep(transaction, image, store, snapshots);
            return put(
                    transaction,
                    namespace,
                    name,
                    image.root(),
                    content(store, image.root().digest()));
        });
    }

    /** Adds snapshots to what an image keeps alive. */
    void keep(ResolvedImage image, String store, Set<RecordId> snapshots) {
        metadata.update(Durability.FULL, transaction -> {
            keep(transaction, image, store, snapshots);
            return Boolean.TRUE;
        });
    }

    /** Has a manifest or index keep alive all that it consists of. */
    void keepAll(Descriptor root, StoredTree tree, String store) {
        metadata.update(Durability.FULL, transaction -> {
            List<RecordId> parts = new ArrayList<>();
            for (Descriptor part : tree.all()) {
                if (!part.digest().equals(root.digest())) {
                    putContent(transaction, store, part, List.of());
                    parts.add(content(store, part.digest()));
                }
            }
            putContent(transaction, store, root, parts);
            return Boolean.TRUE;
        });
    }

    /** Names a manifest or index that keeps its content alive. */
    Image name(NamespaceName namespace, ImageReference name, Descriptor root, String store) {
        return metadata.update(
                Durability.FULL, transaction -> put(transaction, namespace, name, root, content(store, root.digest())));
    }

    /** Whether snapshots are among what an image keeps alive. */
    boolean keeps(ResolvedImage image, String store, Set<RecordId> snapshots) {
        return metadata.get(content(store, image.manifestDescriptor().digest()))
                .filter(record -> record.references().containsAll(snapshots))
                .isPresent();
    }

    /** Points another name to the target of an image, keeping the same things alive. */
    Image tag(Image image, ImageReference name) {
        return metadata.update(Durability.FULL, transaction -> {
            MetadataRecord existing = transaction
                    .get(id(image.namespace(), image.name()))
                    .orElseThrow(() -> absent("cannot tag image " + image.name().familiar()));
            RecordId target = existing.references().get(0);
            return put(transaction, image.namespace(), name, image.target(), target);
        });
    }

    Optional<Image> get(NamespaceName namespace, ImageReference name) {
        return metadata.get(id(namespace, name)).map(ImageRecords::image);
    }

    List<Image> list(NamespaceName namespace) {
        return metadata.list(RecordKind.IMAGE, namespace.value()).stream()
                .map(ImageRecords::image)
                .toList();
    }

    void remove(NamespaceName namespace, ImageReference name) {
        metadata.update(Durability.FULL, transaction -> {
            if (!transaction.remove(id(namespace, name))) {
                throw absent("cannot remove image " + name.familiar());
            }
            return Boolean.TRUE;
        });
    }

    /** Where the content of an image is kept: the scope of the record its name refers to. */
    Optional<String> store(Image image) {
        return metadata.get(id(image.namespace(), image.name()))
                .flatMap(record -> record.references().stream().findFirst())
                .map(RecordId::scope);
    }

    private void keep(Transaction transaction, ResolvedImage image, String store, Set<RecordId> snapshots) {
        List<RecordId> parts = new ArrayList<>();
        parts.add(content(store, image.manifest().config().digest()));
        putContent(transaction, store, image.manifest().config(), List.of());
        for (Descriptor layer : image.layers()) {
            parts.add(content(store, layer.digest()));
            putContent(transaction, store, layer, List.of());
        }
        parts.addAll(snapshots);
        List<Descriptor> path = image.path();
        for (int i = path.size() - 1; i >= 0; i--) {
            putContent(transaction, store, path.get(i), parts);
            parts = List.of(content(store, path.get(i).digest()));
        }
    }

    private void putContent(Transaction transaction, String store, Descriptor blob, List<RecordId> references) {
        RecordId id = content(store, blob.digest());
        Set<RecordId> all = new LinkedHashSet<>();
        transaction.get(id).ifPresent(existing -> all.addAll(existing.references()));
        boolean known = transaction.get(id).isPresent();
        if (all.addAll(references) || !known) {
            JsonObject document = JsonObject.builder()
                    .put("mediaType", blob.mediaType().value())
                    .put("size", blob.size())
                    .build();
            Instant now = clock.instant();
            transaction.put(new MetadataRecord(id, Map.of(), Json.text(document), List.copyOf(all), now, now));
        }
    }

    private Image put(
            Transaction transaction,
            NamespaceName namespace,
            ImageReference name,
            Descriptor target,
            RecordId content) {
        Instant now = clock.instant();
        JsonObject document =
                JsonObject.builder().put("target", target.toJson()).build();
        RecordId id = id(namespace, name);
        transaction.put(new MetadataRecord(id, Map.of(), Json.text(document), List.of(content), now, now));
        return image(transaction.get(id).orElseThrow());
    }

    private static Image image(MetadataRecord record) {
        JsonCursor document =
                JsonCursor.of("record " + record.id(), Json.parse("record " + record.id(), record.document()));
        return new Image(
                new NamespaceName(record.id().scope()),
                ImageReference.parse(record.id().key()),
                document.object().required("target", Descriptor::read),
                record.created(),
                record.updated());
    }

    private static RecordId id(NamespaceName namespace, ImageReference name) {
        return new RecordId(RecordKind.IMAGE, namespace.value(), name.toString());
    }

    private static FeluccaException absent(String subject) {
        return new FeluccaException(ErrorCode.NOT_FOUND, subject, "there is no such image");
    }
}
