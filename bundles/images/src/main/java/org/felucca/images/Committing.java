package org.felucca.images;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.felucca.api.image.ImageCommit;
import org.felucca.api.image.ImageDetail;
import org.felucca.images.LayerIngest.Stored;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Annotations;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.History;
import org.felucca.oci.image.ImageConfig;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The documents of an image that is made of a container: those of the image below, with a layer and a step more.
 * Confined to one thread.
 */
final class Committing {
    private static final History UNTOLD = new History(null, null, null, null, false);

    private final ImageCommit commit;
    private final Instant now;

    Committing(ImageCommit commit, Instant now) {
        this.commit = commit;
        this.now = now;
    }

    /**
     * Puts the documents.
     *
     * @param layer what the container changed; empty if nothing
     */
    ResolvedImage put(Optional<Stored> layer, Blobs blobs, Claims claims) {
        ImageDetail base = commit.base();
        boolean docker = base.manifest().mediaType().equals(MediaType.DOCKER_MANIFEST);
        ImageConfig config = config(base.config(), layer);
        byte[] configDocument = Json.bytes(config.toJson());
        Descriptor configDescriptor =
                Descriptor.of(docker ? MediaType.DOCKER_CONFIG : MediaType.OCI_CONFIG, configDocument);
        List<Descriptor> layers = new ArrayList<>(base.manifest().layers());
        layer.ifPresent(added -> layers.add(Descriptor.of(
                docker ? MediaType.DOCKER_LAYER_GZIP : MediaType.OCI_LAYER_GZIP, added.digest(), added.size())));
        Manifest manifest = new Manifest(
                base.manifest().mediaType(), configDescriptor, layers, docker ? Map.of() : below(base), null, null);
        byte[] document = Json.bytes(manifest.toJson());
        Descriptor descriptor = Descriptor.of(manifest.mediaType(), document);
        claims.claim(List.of(configDescriptor, descriptor));
        blobs.put(configDescriptor, configDocument);
        blobs.put(descriptor, document);
        return new ResolvedImage(List.of(descriptor), manifest, config);
    }

    private static Map<String, String> below(ImageDetail base) {
        return new TreeMap<>(Map.of(
                Annotations.BASE_DIGEST, base.manifestDescriptor().digest().toString(),
                Annotations.BASE_NAME, base.image().name().toString()));
    }

    private ImageConfig config(ImageConfig base, Optional<Stored> layer) {
        List<Digest> diffIds = new ArrayList<>(base.diffIds());
        layer.ifPresent(added -> diffIds.add(added.diffId()));
        List<History> history = new ArrayList<>(base.history());
        long told = history.stream().filter(step -> !step.emptyLayer()).count();
        // Readers count steps against layers: an image whose history is silent gets a step for each.
        for (long i = told; i < base.diffIds().size(); i++) {
            history.add(UNTOLD);
        }
        String author = orNull(commit.author());
        history.add(new History(now, author, orNull(commit.createdBy()), orNull(commit.comment()), layer.isEmpty()));
        return new ImageConfig(
                now, author == null ? base.author() : author, base.platform(), commit.defaults(), diffIds, history);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
