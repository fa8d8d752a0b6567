package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ExportRequest;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.Progress;
import org.felucca.api.image.Progress.Phase;
import org.felucca.api.image.PullRequest;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.Json;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {
    private static final NamespaceName NS = NamespaceName.DEFAULT;
    private static final ImageReference REF = ImageReference.parse("example.com/app:1");
    private static final Platform HOST = Platform.host();

    @TempDir
    Path root;

    Fixture fixture;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void open() {
        fixture = new Fixture(root);
    }

    @AfterEach
    void close() throws InterruptedException {
        fixture.close();
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
    }

    @Test
    void pull_ofAVariant_takesThatOne() {
        TestImage six = new TestImage(6, Platform.parse("linux/arm/v6"), 1);
        TestImage seven = new TestImage(7, Platform.parse("linux/arm/v7"), 1);
        byte[] index = Json.bytes(ImageIndex.of(List.of(
                        six.manifest.withPlatform(Platform.parse("linux/arm/v6")),
                        seven.manifest.withPlatform(Platform.parse("linux/arm/v7"))))
                .toJson());
        Descriptor root = Descriptor.of(MediaType.OCI_INDEX, index);
        fixture.source.blobs.putAll(six.blobs);
        fixture.source.blobs.putAll(seven.blobs);
        fixture.source.blobs.put(root.digest(), index);
        fixture.source.tags.put("arm", root);
        PullRequest request = PullRequest.of(NamespaceName.DEFAULT, ImageReference.parse("example.com/team/app:arm"));
        assertEquals(
                seven.config.digest(),
                fixture.images
                        .pull(request.platform(Platform.parse("linux/arm/v7")), Progress.NONE)
                        .id());
        assertEquals(
                six.config.digest(),
                fixture.images
                        .pull(request.platform(Platform.parse("linux/arm/v6")), Progress.NONE)
                        .id());
        FeluccaException refused = assertThrows(
                FeluccaException.class,
                () -> fixture.images.pull(request.platform(Platform.parse("linux/arm/v5")), Progress.NONE));
        assertEquals(ErrorCode.NOT_FOUND, refused.code());
    }

    @Test
    void pull_ofAPin_thatTheRegistryAnswersOtherwise_isRefused() {
        TestImage image = new TestImage(1, Platform.host(), 1);
        fixture.serve("1", image);
        Digest other = Digest.of(new byte[] {1});
        fixture.source.tags.put(other.toString(), image.manifest);
        ImageReference pinned = ImageReference.parse("example.com/app@" + other);
        FeluccaException refused = assertThrows(
                FeluccaException.class,
                () -> fixture.images.pull(PullRequest.of(NamespaceName.DEFAULT, pinned), Progress.NONE));
        assertEquals(ErrorCode.DATA_LOSS, refused.code());
        assertEquals(List.of(), fixture.blobs());
    }

    @Test
    void pull_newImage_unpacksEachLayerOntoItsChainAndNamesIt() throws IOException {
        TestImage image = new TestImage(1, HOST, 4);
        fixture.serve("1", image);
        ImageDetail detail = pull();
        assertEquals(image.chain(), detail.chain());
        assertEquals(image.manifest, detail.image().target());
        assertEquals(List.of("sh"), detail.config().defaults().cmd());
        assertEquals(texts(image.chain()), fixture.committed());
        for (int i = 0; i < 4; i++) {
            SnapshotInfo info =
                    fixture.snapshotter.stat(Unpacker.key(image.chain().get(i)));
            assertEquals(
                    i == 0
                            ? Optional.empty()
                            : Optional.of(Unpacker.key(image.chain().get(i - 1))),
                    info.parent());
            assertEquals(image.diffIds.get(i).toString(), info.labels().get(SnapshotInfo.LABEL_DIFF_ID));
            assertArrayEquals(
                    image.tars.get(i),
                    Files.readAllBytes(fixture.snapshotter.directory(info.key()).resolve("layer.tar")));
        }
        assertEquals(image.blobs.keySet(), Set.copyOf(fixture.blobs()));
        assertEquals(List.of(detail.image()), fixture.images.list(NS));
        assertEquals(List.of("default image/pull example.com/app:1"), fixture.published);
        assertCleanEnd();
    }

    @Test
    void pull_newImage_keepsAllPartsAliveFromItsName() {
        TestImage image = new TestImage(1, HOST, 3);
        fixture.serve("1", image);
        pull();
        RecordId name = new RecordId(RecordKind.IMAGE, "default", "example.com/app:1");
        Set<String> reached = reach(name).stream().map(RecordId::key).collect(Collectors.toSet());
        Set<String> expected =
                image.blobs.keySet().stream().map(Digest::toString).collect(Collectors.toSet());
        expected.add(name.key());
        expected.add(image.chain().get(2).toString());
        assertEquals(expected, reached);
        assertTrue(fixture.leased.containsAll(
                reach(name).stream().filter(id -> id.kind() != RecordKind.IMAGE).toList()));
    }

    @Test
    void pull_again_fetchesNothingButTheName() {
        TestImage image = new TestImage(1, HOST, 3);
        fixture.serve("1", image);
        pull();
        fixture.source.fetched.clear();
        fixture.progress.clear();
        pull();
        assertEquals(List.of(), fixture.source.fetched);
        assertEquals(
                3,
                fixture.progress.stream().filter(u -> u.phase() == Phase.EXISTS).count());
    }

    @Test
    void pull_layerSharedWithAnotherImage_isNeitherFetchedNorUnpackedAgain() {
        TestImage base = new TestImage(1, HOST, 2);
        TestImage more = new TestImage(1, HOST, 3);
        fixture.serve("1", base);
        pull();
        fixture.serve("1", more);
        fixture.source.fetched.clear();
        pull();
        assertEquals(0, fixture.source.count(base.layers.get(0).digest()));
        assertEquals(texts(more.chain()), fixture.committed());
    }

    @Test
    void pull_index_takesTheHostsPlatformAndSaysWhatThereIs() {
        TestImage mine = new TestImage(1, HOST, 1);
        TestImage other = new TestImage(2, Platform.of("plan9", "mips"), 1);
        byte[] index = Json.bytes(ImageIndex.of(List.of(
                        other.manifest.withPlatform(Platform.of("plan9", "mips")), mine.manifest.withPlatform(HOST)))
                .toJson());
        fixture.serve("1", mine);
        fixture.source.blobs.putAll(other.blobs);
        fixture.source.blobs.put(Digest.of(index), index);
        fixture.source.tags.put("1", Descriptor.of(MediaType.OCI_INDEX, index));
        ImageDetail detail = pull();
        assertEquals(mine.manifest.digest(), detail.manifestDescriptor().digest());
        assertEquals(Digest.of(index), detail.image().target().digest());
        assertFalse(fixture.blobs().contains(other.manifest.digest()));
        FeluccaException e = assertRefused(
                ErrorCode.NOT_FOUND,
                () -> fixture.images.pull(
                        PullRequest.of(NS, REF).platform(Platform.of("linux", "s390x")), Progress.NONE));
        assertTrue(e.getMessage().contains("only for plan9/mips " + HOST), e.getMessage());
    }

    @Test
    void pull_manifestForAnotherPlatformThanAskedFor_isRefusedBeforeItsLayersCome() {
        TestImage image = new TestImage(1, Platform.of("plan9", "mips"), 1);
        fixture.serve("1", image);

        FeluccaException e = assertRefused(
                ErrorCode.NOT_FOUND,
                () -> fixture.images.pull(PullRequest.of(NS, REF).platform(HOST), Progress.NONE));

        assertTrue(e.getMessage().contains("it is for plan9/mips, not for " + HOST), e.getMessage());
        assertEquals(0, fixture.source.count(image.layers.get(0).digest()));
        assertEquals(image.manifest.digest(), pull().manifestDescriptor().digest());
    }

    @Test
    void pull_indexesInIndexes_areFollowedToADepth() {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        Descriptor current = image.manifest;
        for (int depth = 1; depth <= 5; depth++) {
            byte[] index = Json.bytes(ImageIndex.of(List.of(current)).toJson());
            current = Descriptor.of(MediaType.OCI_INDEX, index);
            fixture.source.blobs.put(current.digest(), index);
            fixture.source.tags.put("1", current);
            if (depth < 5) {
                assertEquals(image.manifest, pull().manifestDescriptor());
            } else {
                assertRefused(ErrorCode.UNSUPPORTED, this::pull);
            }
        }
    }

    @Test
    void pull_damagedLayer_isRefusedAndLeavesNothingVisible() {
        TestImage image = new TestImage(1, HOST, 3);
        fixture.serve("1", image);
        byte[] damaged = image.blobs.get(image.layers.get(1).digest()).clone();
        damaged[20_000] ^= 1;
        fixture.source.blobs.put(image.layers.get(1).digest(), damaged);
        FeluccaException e = assertRefused(ErrorCode.DATA_LOSS, this::pull);
        assertTrue(e.getMessage().contains(image.layers.get(1).digest().toString()), e.getMessage());
        assertEquals(texts(image.chain().subList(0, committedBelow(1))), fixture.committed());
        assertFalse(fixture.blobs().contains(image.layers.get(1).digest()));
        assertEquals(List.of(), fixture.images.list(NS));
        assertEquals(List.of("default image/abandon example.com/app:1"), fixture.published);
        assertEquals(List.of(), fixture.active());
        // What arrived of other layers may stay for the next attempt; what is wrong does not.
        assertTrue(fixture.ingests().stream()
                .noneMatch(info ->
                        info.ref().value().endsWith(image.layers.get(1).digest().hex())));
        fixture.serve("1", image);
        pull();
        assertEquals(texts(image.chain()), fixture.committed());
    }

    @Test
    void pull_layerWithAnotherDiffId_isRefusedBeforeItsSnapshotIsVisible() {
        TestImage image = new TestImage(1, HOST, 1);
        byte[] config = TestImage.config(HOST, List.of(Digest.of(new byte[] {1})));
        Descriptor configDescriptor = image.put(MediaType.OCI_CONFIG, config);
        byte[] manifest = Json.bytes(Manifest.of(configDescriptor, image.layers).toJson());
        fixture.source.blobs.putAll(image.blobs);
        fixture.source.blobs.put(Digest.of(manifest), manifest);
        fixture.source.tags.put("1", Descriptor.of(MediaType.OCI_MANIFEST, manifest));
        FeluccaException e = assertRefused(ErrorCode.DATA_LOSS, this::pull);
        assertTrue(e.getMessage().contains("its diff id is " + image.diffIds.get(0)), e.getMessage());
        assertEquals(List.of(), fixture.committed());
        assertCleanEnd();
    }

    @Test
    void pull_damagedManifest_isRefused() {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        byte[] manifest = image.blobs.get(image.manifest.digest()).clone();
        manifest[10] ^= 1;
        fixture.source.blobs.put(image.manifest.digest(), manifest);
        assertRefused(ErrorCode.DATA_LOSS, this::pull);
        assertEquals(List.of(), fixture.blobs());
        assertCleanEnd();
    }

    @Test
    void pull_fewerDiffIdsThanLayers_isRefused() {
        TestImage image = new TestImage(1, HOST, 2);
        Descriptor config = image.put(MediaType.OCI_CONFIG, TestImage.config(HOST, image.diffIds.subList(0, 1)));
        Descriptor manifest = image.put(
                MediaType.OCI_MANIFEST,
                Json.bytes(Manifest.of(config, image.layers).toJson()));
        fixture.source.blobs.putAll(image.blobs);
        fixture.source.tags.put("1", manifest);
        assertRefused(ErrorCode.DATA_LOSS, this::pull);
    }

    @Test
    void pull_artifactOrUnknownLayer_isUnsupported() {
        TestImage image = new TestImage(1, HOST, 1);
        Descriptor artifact = image.put(
                MediaType.OCI_MANIFEST,
                Json.bytes(Manifest.of(image.put(MediaType.OCI_EMPTY, "{}".getBytes()), List.of())
                        .toJson()));
        Descriptor odd = Descriptor.of(new MediaType("application/x-odd"), new byte[1]);
        Descriptor oddLayer = image.put(
                MediaType.OCI_MANIFEST,
                Json.bytes(Manifest.of(image.config, List.of(odd)).toJson()));
        fixture.source.blobs.putAll(image.blobs);
        for (Descriptor target : List.of(artifact, oddLayer)) {
            fixture.source.tags.put("1", target);
            assertRefused(ErrorCode.UNSUPPORTED, this::pull);
        }
    }

    @Test
    void pull_transferThatBreaks_isResumedByTheNextPull() {
        breakAndResume(2);
    }

    /** The uppermost of some layers breaks; those below it are there by then. */
    void breakAndResume(int layers) {
        TestImage image = new TestImage(1, HOST, layers);
        fixture.serve("1", image);
        Digest broken = image.layers.get(layers - 1).digest();
        fixture.source.hook = (descriptor, position) -> {
            if (descriptor.digest().equals(broken) && position == 30_000) {
                throw new IOException("broken");
            }
        };
        assertRefused(ErrorCode.UNAVAILABLE, this::pull);
        assertEquals(List.of(), fixture.active());
        assertEquals(1, fixture.ingests().size());
        fixture.source.hook = (descriptor, position) -> {};
        fixture.source.fetched.clear();
        pull();
        assertEquals(List.of(broken.shortHex() + "@30000"), fixture.source.fetched);
        assertCleanEnd();
    }

    @Test
    void pull_sourceThatHasLessThanTheManifestSays_leavesNothingToResume() {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        Digest layer = image.layers.get(0).digest();
        fixture.source.hook = (descriptor, position) -> {
            if (descriptor.digest().equals(layer) && position > 0) {
                throw new IOException(
                        new FeluccaException(ErrorCode.DATA_LOSS, "cannot fetch it", "there is less of it"));
            }
        };

        assertRefused(ErrorCode.DATA_LOSS, this::pull);

        assertEquals(List.of(), fixture.ingests());
        fixture.source.hook = (descriptor, position) -> {};
        pull();
        assertEquals(
                List.of(layer.shortHex() + "@0", layer.shortHex() + "@0"),
                fixture.source.fetched.stream()
                        .filter(entry -> entry.startsWith(layer.shortHex()))
                        .toList());
    }

    @Test
    void pull_ingestsNobodyWentOnWithForADay_areDropped() throws IOException {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        for (String ref : List.of("blob-old", "foreign")) {
            try (ContentWriter writer = fixture.content.writer(new IngestRef(ref))) {
                writer.write(ByteBuffer.wrap(new byte[5]));
            }
        }
        try (Stream<Path> data = Files.walk(root.resolve("content/ingest"))) {
            for (Path file : data.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
            }
        }
        pull();
        assertEquals(
                List.of("foreign"),
                fixture.ingests().stream().map(info -> info.ref().value()).toList());
    }

    @Test
    void pull_ingestThatACrashDamaged_startsOver() {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        Digest layer = image.layers.get(0).digest();
        try (ContentWriter writer = fixture.content.writer(new IngestRef("blob-" + layer))) {
            writer.write(ByteBuffer.wrap(new byte[5000]));
        }
        pull();
        assertEquals(
                List.of(layer.shortHex() + "@5000", layer.shortHex() + "@0"),
                fixture.source.fetched.stream()
                        .filter(f -> f.startsWith(layer.shortHex()))
                        .toList());
        assertEquals(texts(image.chain()), fixture.committed());
        assertCleanEnd();
    }

    @Test
    void pull_layerWhoseTurnItIs_isUnpackedWhileItArrives() throws Exception {
        TestImage image = new TestImage(1, HOST, 1, 2_000_000);
        fixture.serve("1", image);
        CountDownLatch unpacking = new CountDownLatch(1);
        fixture.applier.onRead = count -> unpacking.countDown();
        fixture.source.hook = (descriptor, position) -> {
            if (descriptor.mediaType().isLayer() && position == 1_000_000) {
                awaitOrFail(unpacking);
            }
        };
        pull();
        assertEquals(texts(image.chain()), fixture.committed());
    }

    @Test
    void pull_interruptedWhileDownloading_isCancelledAfterUndoingAndCanBeResumed() throws Exception {
        TestImage image = new TestImage(1, HOST, 3);
        fixture.serve("1", image);
        CountDownLatch halfway = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        fixture.source.hook = (descriptor, position) -> {
            if (descriptor.equals(image.layers.get(0)) && position == 20_000) {
                halfway.countDown();
                awaitOrFail(never);
            }
        };
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread puller = new Thread(() -> {
            try {
                pull();
            } catch (FeluccaException e) {
                thrown.set(e);
            }
            if (!Thread.currentThread().isInterrupted()) {
                thrown.set(new AssertionError("the interrupt flag was lost"));
            }
        });
        puller.start();
        assertTrue(halfway.await(1, TimeUnit.MINUTES));
        puller.interrupt();
        puller.join();
        assertTrue(thrown.get() instanceof FeluccaException, () -> String.valueOf(thrown.get()));
        assertEquals(ErrorCode.CANCELLED, ((FeluccaException) thrown.get()).code());
        assertEquals(0, fixture.openLeases());
        assertEquals(List.of(), fixture.active());
        fixture.source.hook = (descriptor, position) -> {};
        fixture.source.fetched.clear();
        pull();
        assertTrue(
                fixture.source.fetched.contains(image.layers.get(0).digest().shortHex() + "@20000"),
                fixture.source.fetched::toString);
        assertCleanEnd();
    }

    @Test
    void pull_twiceAtTheSameTime_fetchesAndUnpacksOnce() throws Exception {
        TestImage image = new TestImage(1, HOST, 3);
        fixture.serve("1", image);
        CountDownLatch both = new CountDownLatch(2);
        fixture.source.hook = (descriptor, position) -> {
            if (descriptor.equals(image.manifest) && position == 0) {
                both.countDown();
                awaitOrFail(both);
            }
        };
        List<Future<ImageDetail>> pulls =
                Stream.generate(() -> threads.submit(this::pull)).limit(2).toList();
        for (Future<ImageDetail> pull : pulls) {
            assertEquals(image.chain(), pull.get(1, TimeUnit.MINUTES).chain());
        }
        for (Descriptor layer : image.layers) {
            assertEquals(1, fixture.source.count(layer.digest()));
        }
        assertEquals(texts(image.chain()), fixture.committed());
        assertCleanEnd();
    }

    @Test
    void pull_joinedByAnotherThatIsCancelled_goesOn() throws Exception {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        CountDownLatch downloading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.source.hook = (descriptor, position) -> {
            if (descriptor.mediaType().isLayer() && position == 10_000) {
                downloading.countDown();
                awaitOrFail(goOn);
            }
        };
        Future<ImageDetail> stays = threads.submit(this::pull);
        assertTrue(downloading.await(1, TimeUnit.MINUTES));
        CountDownLatch joined = new CountDownLatch(1);
        Future<ImageDetail> leaves = threads.submit(() -> fixture.images.pull(PullRequest.of(NS, REF), update -> {
            if (update.phase() == Phase.WAITING) {
                joined.countDown();
            }
        }));
        assertTrue(joined.await(1, TimeUnit.MINUTES));
        leaves.cancel(true);
        goOn.countDown();
        assertEquals(image.chain(), stays.get(1, TimeUnit.MINUTES).chain());
        assertEquals(1, fixture.source.count(image.layers.get(0).digest()));
    }

    @Test
    void pull_unknownTag_isNotFound() {
        assertRefused(ErrorCode.NOT_FOUND, this::pull);
        assertEquals(0, fixture.openLeases());
    }

    @Test
    void pull_registryNobodyServes_isUnavailableNamingTheRole() {
        FeluccaException e = assertRefused(
                ErrorCode.UNAVAILABLE,
                () -> fixture.images.pull(PullRequest.of(NS, ImageReference.parse("other.org/x")), Progress.NONE));
        assertTrue(e.getMessage().contains("image-source"), e.getMessage());
    }

    @Test
    void pull_progress_endsEachLayerWithDone() {
        TestImage image = new TestImage(1, HOST, 2);
        fixture.serve("1", image);
        pull();
        for (Descriptor layer : image.layers) {
            List<Phase> phases = fixture.progress.stream()
                    .filter(update -> update.item().equals(layer.digest().shortHex()))
                    .map(Progress.Update::phase)
                    .toList();
            assertEquals(Phase.WAITING, phases.get(0));
            assertEquals(Phase.DONE, phases.get(phases.size() - 1));
            assertEquals(phases.stream().sorted().toList(), phases);
        }
    }

    @Test
    void find_byNameDigestAndIdPrefix_givesTheImage() {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        Image pulled = pull().image();
        String id = image.config.digest().hex();
        for (String text : List.of(
                "example.com/app:1",
                "example.com/app@" + image.manifest.digest(),
                id,
                id.substring(0, 4),
                "sha256:" + id.substring(0, 12))) {
            assertEquals(Optional.of(pulled), fixture.images.find(NS, text), text);
        }
        for (String text : List.of("example.com/app:2", "app", id.substring(0, 3), "zz", "", "Not A Name")) {
            assertEquals(Optional.empty(), fixture.images.find(NS, text), text);
        }
        assertEquals(Optional.empty(), fixture.images.find(new NamespaceName("other"), "example.com/app:1"));
    }

    @Test
    void find_prefixThatFitsTwoImages_isRefusedUnlessTheyAreOne() {
        TestImage first = new TestImage(1, HOST, 1);
        fixture.serve("1", first);
        Image image = pull().image();
        fixture.images.tag(image, ImageReference.parse("example.com/same:1"));
        String prefix = first.config.digest().hex().substring(0, 4);
        assertTrue(fixture.images.find(NS, prefix).isPresent());
        TestImage second = collidingWith(first);
        fixture.serve("2", second);
        fixture.images.pull(PullRequest.of(NS, REF.withTag("2")), Progress.NONE);
        FeluccaException e = assertRefused(ErrorCode.INVALID_ARGUMENT, () -> fixture.images.find(NS, prefix));
        assertTrue(e.getMessage().contains("give more digits"), e.getMessage());
    }

    @Test
    void resolve_imageWhoseContentIsGone_isNotFound() {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        Image pulled = pull().image();
        assertEquals(image.chain(), fixture.images.resolve(pulled, HOST).chain());
        fixture.content.remove(image.config.digest());
        assertEquals(image.chain(), fixture.images.resolve(pulled, HOST).chain(), "the answer is cached");
        fixture.close();
        Fixture restarted = new Fixture(root);
        restarted.metadata.update(Durability.NORMAL, transaction -> {
            fixture.metadata.list(RecordKind.IMAGE).forEach(transaction::put);
            return true;
        });
        Image found = restarted.images.find(NS, "example.com/app:1").orElseThrow();
        assertRefused(ErrorCode.NOT_FOUND, () -> restarted.images.resolve(found, HOST));
        restarted.close();
    }

    @Test
    void tagAndRemove_namesComeAndGoAndTheTargetStays() {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        Image pulled = pull().image();
        ImageReference other = ImageReference.parse("mine:latest");
        Image tagged = fixture.images.tag(pulled, other);
        assertEquals(pulled.target(), tagged.target());
        fixture.images.remove(NS, REF);
        assertEquals(List.of(tagged), fixture.images.list(NS));
        assertEquals(image.chain(), fixture.images.resolve(tagged, HOST).chain());
        assertTrue(reach(new RecordId(RecordKind.IMAGE, "default", other.toString()))
                        .size()
                > 3);
        assertRefused(ErrorCode.NOT_FOUND, () -> fixture.images.remove(NS, REF));
        assertRefused(ErrorCode.NOT_FOUND, () -> fixture.images.tag(pulled, ImageReference.parse("x:y")));
    }

    @Test
    void unpack_intoAnotherSnapshotter_keepsBothAlive() {
        TestImage image = new TestImage(1, HOST, 2);
        fixture.serve("1", image);
        ImageDetail detail = pull();
        fixture.images.unpack(detail, "second", Progress.NONE);
        assertEquals(2, fixture.second.all().size());
        Set<String> scopes = reach(new RecordId(RecordKind.IMAGE, "default", REF.toString())).stream()
                .filter(id -> id.kind() == RecordKind.SNAPSHOT)
                .map(RecordId::scope)
                .collect(Collectors.toSet());
        assertEquals(Set.of("first", "second"), scopes);
        fixture.content.remove(image.layers.get(0).digest());
        fixture.images.unpack(detail, "second", Progress.NONE);
        assertCleanEnd();
    }

    @Test
    void pull_blobCutByPowerLoss_isFetchedAgain() throws IOException {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        pull();
        Path blob = root.resolve("content/blobs/sha256")
                .resolve(image.layers.get(0).digest().hex());
        Files.delete(blob);
        Files.createFile(blob);
        pull();
        assertEquals(image.layers.get(0).size(), Files.size(blob));
    }

    @Test
    void export_ofABlobThatIsTruncatedMeanwhile_isDataLoss() throws IOException {
        TestImage image = new TestImage(1, HOST, 1);
        fixture.serve("1", image);
        ImageDetail detail = pull();
        Path blob = root.resolve("content/blobs/sha256")
                .resolve(image.layers.get(0).digest().hex());
        OutputStream truncating = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Files.delete(blob);
                Files.createFile(blob);
            }
        };
        ExportRequest request = ExportRequest.of(List.of(detail.image()));
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> fixture.images.export(request, truncating));
        assertEquals(ErrorCode.DATA_LOSS, refused.code(), refused.getMessage());
        assertTrue(refused.getMessage().contains("0 bytes"), refused.getMessage());
    }

    private static TestImage collidingWith(TestImage image) {
        String prefix = image.config.digest().hex().substring(0, 4);
        for (long seed = 1000; ; seed++) {
            TestImage candidate = new TestImage(seed, HOST, 1, 100);
            if (candidate.config.digest().hex().startsWith(prefix)) {
                return candidate;
            }
        }
    }

    private ImageDetail pull() {
        return fixture.images.pull(PullRequest.of(NS, REF), fixture.progress::add);
    }

    private List<RecordId> reach(RecordId from) {
        List<RecordId> found = new ArrayList<>(List.of(from));
        for (int i = 0; i < found.size(); i++) {
            fixture.metadata
                    .get(found.get(i))
                    .ifPresent(record -> record.references().stream()
                            .filter(id -> !found.contains(id))
                            .forEach(found::add));
        }
        return found;
    }

    /** How many layers are committed when one cannot be: those below it, where one follows another. */
    int committedBelow(int layer) {
        return layer;
    }

    private void assertCleanEnd() {
        assertEquals(0, fixture.openLeases());
        assertEquals(List.of(), fixture.active());
        assertEquals(List.of(), fixture.ingests());
    }

    private static List<String> texts(List<Digest> digests) {
        return digests.stream().map(Digest::toString).toList();
    }

    private static FeluccaException assertRefused(ErrorCode code, Executable call) {
        FeluccaException e = assertThrows(FeluccaException.class, call);
        assertEquals(code, e.code(), e::getMessage);
        return e;
    }

    private static void awaitOrFail(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new AssertionError("waited a minute");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
