package org.felucca.oci.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.MediaType.Compression;
import org.felucca.oci.json.Json;
import org.felucca.oci.platform.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageDocumentsTest {
    private static final String D1 = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String D2 = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String MANIFEST = """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":7023},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":32654,
                        "urls":["https://example.com/a"],"annotations":{"k":"v"},"data":"e30="}],
             "subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":7682},
             "annotations":{"com.example.key1":"value1"},"future":[1]}
            """.formatted(D1, D2, D1);

    @Test
    void parse_manifest_hasAllPartsAndWritesThemBack() {
        Manifest manifest = Manifest.parse(utf8(MANIFEST));
        assertTrue(manifest.isImage());
        assertEquals(32654, manifest.layers().get(0).size());
        assertEquals(Optional.of("e30="), manifest.layers().get(0).data());
        assertEquals(Map.of("com.example.key1", "value1"), manifest.annotations());
        assertEquals(manifest, Manifest.parse(Json.bytes(manifest.toJson())));
    }

    @Test
    void parse_manifestWithoutMediaType_isOci() {
        String without = MANIFEST.replace("\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\n", "");
        assertEquals(MediaType.OCI_MANIFEST, Manifest.parse(utf8(without)).mediaType());
    }

    @Test
    void parse_documentThatIsBoth_isRefused() {
        OciFormatException e = assertThrows(
                OciFormatException.class,
                () -> Manifest.parse(utf8(MANIFEST.replace("\"future\":[1]", "\"manifests\":[]"))));
        assertEquals("/manifests", e.pointer());
        assertThrows(
                OciFormatException.class,
                () -> ImageIndex.parse(utf8("{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}")));
    }

    @Test
    void parse_schema1_isRefusedByName() {
        OciFormatException e = assertThrows(
                OciFormatException.class,
                () -> Manifest.parse(utf8("{\"schemaVersion\":1,\"name\":\"x\",\"fsLayers\":[],\"history\":[]}")));
        assertTrue(e.getMessage().contains("schema 1"), e.getMessage());
    }

    @Test
    void parse_badDescriptor_namesThePlace() {
        OciFormatException digest =
                assertThrows(OciFormatException.class, () -> Manifest.parse(utf8(MANIFEST.replace(D2, "sha256:abc"))));
        assertEquals("/layers/0/digest", digest.pointer());
        OciFormatException size =
                assertThrows(OciFormatException.class, () -> Manifest.parse(utf8(MANIFEST.replace("32654", "-1"))));
        assertEquals("/layers/0/size", size.pointer());
    }

    @Test
    void select_fromIndex_takesTheBestPlatformAndSkipsAttestations() {
        ImageIndex index = ImageIndex.parse(utf8("""
                {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":[
                {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%1$s","size":1,
                 "platform":{"os":"unknown","architecture":"unknown"}},
                {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%1$s","size":2,
                 "platform":{"os":"linux","architecture":"arm","variant":"v6"}},
                {"mediaType":"application/vnd.docker.distribution.manifest.v2+json","digest":"%1$s","size":3,
                 "platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}
                """.formatted(D1)));
        assertEquals(
                3,
                index.select(Platform.parse("linux/arm64").matcher())
                        .orElseThrow()
                        .size());
        assertEquals(
                2,
                index.select(Platform.parse("linux/arm/v7").matcher())
                        .orElseThrow()
                        .size());
        assertEquals(
                Optional.empty(), index.select(Platform.parse("linux/amd64").matcher()));
        assertEquals(index, ImageIndex.parse(Json.bytes(index.toJson())));
    }

    @Test
    void select_entryWithoutPlatform_isTakenWhenNoneMatches() {
        ImageIndex index = ImageIndex.of(List.of(Descriptor.of(MediaType.OCI_MANIFEST, Digest.parse(D1), 9)));
        assertEquals(9, index.select(Platform.host().matcher()).orElseThrow().size());
    }

    @Test
    void parse_dockerConfig_keepsDockersExtensions() {
        ImageConfig config = ImageConfig.parse(utf8("""
                {"architecture":"amd64","os":"linux","created":"2026-01-02T03:04:05.123456789+01:00",
                 "container":"ignored","docker_version":"20",
                 "config":{"Hostname":"","User":"web:web","ExposedPorts":{"80/tcp":{},"53/udp":{}},"Env":["PATH=/bin"],
                  "Cmd":["nginx"],"Entrypoint":null,"Volumes":{"/data":{}},"WorkingDir":"/srv","Labels":{"a":"b"},
                  "StopSignal":"SIGQUIT","OnBuild":["RUN x"],"Shell":["/bin/sh","-c"],"ArgsEscaped":true,
                  "Healthcheck":{"Test":["CMD","true"],"Interval":30000000000,"Timeout":1000000000,"Retries":3,
                                 "StartPeriod":0,"StartInterval":5000000000}},
                 "rootfs":{"type":"layers","diff_ids":["%s","%s"]},
                 "history":[{"created":"2026-01-02T03:04:05Z","created_by":"/bin/sh","empty_layer":true,"comment":"c",
                             "author":"me"}]}
                """.formatted(D1, D2)));
        assertEquals("2026-01-02T02:04:05.123456789Z", String.valueOf(config.created()));
        assertEquals(List.of("80/tcp", "53/udp"), config.defaults().exposedPorts());
        assertEquals(List.of(), config.defaults().entrypoint());
        HealthCheck health = config.defaults().healthCheck().orElseThrow();
        assertEquals(Duration.ofSeconds(30), health.interval());
        assertEquals(Duration.ofSeconds(5), health.startInterval());
        assertEquals(config, ImageConfig.parse(Json.bytes(config.toJson())));
    }

    @Test
    void parse_configOfOtherRootfsType_isRefused() {
        byte[] config = utf8("{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"x\"}}");
        OciFormatException e = assertThrows(OciFormatException.class, () -> ImageConfig.parse(config));
        assertEquals("/rootfs/type", e.pointer());
    }

    @Test
    void chain_ofLayers_isHashOfTextBelowAndDiffId() {
        Digest a = Digest.parse(D1);
        Digest b = Digest.parse(D2);
        Digest ab = Digest.of(utf8(D1 + " " + D2));
        assertEquals(List.of(a, ab, Digest.of(utf8(ab + " " + D1))), ChainId.chain(List.of(a, b, a)));
        assertEquals(List.of(), ChainId.chain(List.of()));
        byte[] config = utf8("{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\"}}");
        assertNull(ImageConfig.parse(config).chainId());
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.oci.image.layer.v1.tar, true, false, NONE",
        "application/vnd.oci.image.layer.v1.tar+gzip, true, false, GZIP",
        "application/vnd.oci.image.layer.v1.tar+zstd, true, false, ZSTD",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip, true, true, GZIP",
        "application/vnd.docker.image.rootfs.diff.tar.gzip, true, false, GZIP",
        "application/vnd.docker.image.rootfs.diff.tar, true, false, NONE",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip, true, true, GZIP",
        "application/vnd.in-toto+json, false, false, NONE",
        "application/x+gzip, false, false, GZIP",
    })
    void isLayer_ofMediaTypes_isAsTheFormatsSay(String type, boolean layer, boolean foreign, Compression compression) {
        MediaType mediaType = new MediaType(type);
        assertEquals(layer, mediaType.isLayer());
        assertEquals(foreign, mediaType.isForeignLayer());
        assertEquals(compression, mediaType.compression());
    }

    @Test
    void ofContentType_withParameters_dropsThem() {
        assertEquals(MediaType.OCI_INDEX, MediaType.ofContentType(MediaType.OCI_INDEX + "; charset=utf-8"));
        assertThrows(OciFormatException.class, () -> MediaType.ofContentType("text"));
        assertFalse(new MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws").isManifest());
    }

    @Test
    void requireSupported_otherMajorVersion_isRefused() {
        ImageLayout.requireSupported(Json.bytes(ImageLayout.marker()));
        byte[] next = utf8("{\"imageLayoutVersion\":\"2.0.0\"}");
        assertThrows(OciFormatException.class, () -> ImageLayout.requireSupported(next));
        assertEquals("blobs/sha256/" + D1.substring(7), ImageLayout.blobPath(Digest.parse(D1)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
