package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.PullRequest;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshotter whose snapshots hold whole trees keeps the last of an image's chain only. */
class WholeSnapshotsTest {
    @TempDir
    Path root;

    private Fixture fixture;
    private final List<Path> places = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void open() {
        fixture = new Fixture(root);
        fixture.snapshotter.whole = true;
        fixture.applier.onApply = places::add;
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private TestImage served(String tag, int layers) {
        TestImage image = new TestImage(7, Platform.host(), layers);
        fixture.serve(tag, image);
        return image;
    }

    private ImageDetail pull(String tag) {
        ImageReference reference = ImageReference.parse("example.com/app:" + tag);
        return fixture.images.pull(PullRequest.of(NamespaceName.DEFAULT, reference), update -> {});
    }

    private static String top(TestImage image) {
        return image.chain().get(image.chain().size() - 1).toString();
    }

    @Test
    void pull_writesAllLayersIntoOneSnapshot_andCommitsTheLast() {
        TestImage image = served("1", 3);
        pull("1");
        assertEquals(List.of(top(image)), fixture.committed());
        assertEquals(1, Set.copyOf(places).size());
        assertEquals(image.diffIds, fixture.applier.written);
        assertEquals(List.of(), fixture.active());
        pull("1");
        assertEquals(3, places.size());
    }

    @Test
    void pull_onTopOfAChainThatIsThere_writesTheOthersOnIt() {
        TestImage lower = served("lower", 2);
        TestImage image = served("1", 4);
        pull("lower");
        fixture.applier.written.clear();
        pull("1");
        assertEquals(Set.of(top(lower), top(image)), Set.copyOf(fixture.committed()));
        assertEquals(image.diffIds.subList(2, 4), fixture.applier.written);
        Digest chainId = image.chain().get(3);
        assertEquals(
                Optional.of(Unpacker.key(image.chain().get(1))),
                fixture.snapshotter.stat(Unpacker.key(chainId)).parent());
    }

    @Test
    void pull_whenALayerIsRefused_leavesNothing() {
        served("1", 3);
        fixture.applier.onApply = place -> {
            places.add(place);
            if (places.size() == 2) {
                throw new FeluccaException(ErrorCode.RESOURCE_EXHAUSTED, "cannot apply layer", "the disk is full");
            }
        };
        FeluccaException e = assertThrows(FeluccaException.class, () -> pull("1"));
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, e.code());
        assertEquals(List.of(), fixture.snapshotter.all());
        assertEquals(0, fixture.openLeases());
    }
}
