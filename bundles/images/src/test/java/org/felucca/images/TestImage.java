package org.felucca.images;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.ChainId;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageConfig;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.platform.Platform;

/** An image made of random layers, and all its bytes. */
final class TestImage {
    final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
    final List<byte[]> tars = new ArrayList<>();
    final List<Digest> diffIds = new ArrayList<>();
    final List<Descriptor> layers = new ArrayList<>();
    final Descriptor manifest;
    final Descriptor config;

    TestImage(long seed, Platform platform, int layerCount) {
        this(seed, platform, layerCount, 50_000);
    }

    TestImage(long seed, Platform platform, int layerCount, int layerSize) {
        for (int i = 0; i < layerCount; i++) {
            byte[] tar = new byte[layerSize + i];
            new Random(seed * 31 + i).nextBytes(tar);
            tars.add(tar);
            diffIds.add(Digest.of(tar));
            layers.add(
                    switch (i % 3) {
                        case 0 -> put(MediaType.OCI_LAYER_GZIP, gzip(tar));
                        case 1 -> put(MediaType.OCI_LAYER_ZSTD, Zstd.compress(tar));
                        default -> put(MediaType.OCI_LAYER, tar);
                    });
        }
        this.config = put(MediaType.OCI_CONFIG, config(platform, diffIds));
        this.manifest = put(
                MediaType.OCI_MANIFEST, Json.bytes(Manifest.of(config, layers).toJson()));
    }

    static byte[] config(Platform platform, List<Digest> diffIds) {
        ContainerDefaults defaults =
                ContainerDefaults.builder().cmd(List.of("sh")).build();
        return Json.bytes(new ImageConfig(null, null, platform, defaults, diffIds, List.of()).toJson());
    }

    Descriptor put(MediaType mediaType, byte[] content) {
        Descriptor descriptor = Descriptor.of(mediaType, content);
        blobs.put(descriptor.digest(), content);
        return descriptor;
    }

    List<Digest> chain() {
        return ChainId.chain(diffIds);
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
