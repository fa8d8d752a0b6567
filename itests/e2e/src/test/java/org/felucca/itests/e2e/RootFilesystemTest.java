package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a container sees is what is in the image, whoever unpacked it: the full listing (owners, modes, times, contents,
 * attributes, hard links) equals that of umoci's.
 */
class RootFilesystemTest {
    /** What a runtime puts into every container. */
    private static final List<String> RUNTIME =
            List.of("dev", "proc", "sys", "etc/hosts", "etc/hostname", "etc/resolv.conf", "e2e-listing");

    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource({
        "busybox, overlay", "busybox, native",
        "debian-gzip, overlay", "debian-gzip, native",
        "debian-zstd, overlay", "debian-zstd, native",
        "crafted, overlay", "crafted, native"
    })
    void listing_inContainer_equalsUmocis(String tag, String snapshotter) {
        String image = FIXTURE.registry().address() + "/e2e/" + tag + ":1";
        List<String> command = new ArrayList<>(List.of(
                "run",
                "--rm",
                "--read-only",
                "--snapshotter",
                snapshotter,
                "-v",
                Programs.LISTING + ":/e2e-listing:ro",
                "--entrypoint",
                "/e2e-listing",
                image,
                "/"));
        command.addAll(RUNTIME);
        List<String> inContainer =
                daemon.felucca(command.toArray(String[]::new)).ok().lines();
        // umoci does not know zstd; the layers are the same but for their packing.
        assertSameTree(umoci(tag.replace("zstd", "gzip")), withoutUncertainTimes(inContainer));
    }

    /**
     * Directories whose time no image says: a runtime puts files into /etc; umoci gives those that no layer has, and those
     * with a whiteout beside them, the time of the unpacking.
     */
    private static List<String> withoutUncertainTimes(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceFirst("^(d \\S+ \\S+) \\d+ (etc|e|missing|missing/parents)$", "$1 - $2"))
                .toList();
    }

    private static final Map<String, List<String>> UNPACKED = new HashMap<>();

    private static List<String> umoci(String tag) {
        return UNPACKED.computeIfAbsent(tag, RootFilesystemTest::unpack);
    }

    private static List<String> unpack(String tag) {
        Path bundle = FIXTURE.images().work().resolve("umoci-" + tag);
        Commands.run("umoci", "unpack", "--image", FIXTURE.images().layout().directory() + ":" + tag, bundle.toString())
                .ok();
        List<String> command = new ArrayList<>(
                List.of(Programs.LISTING.toString(), bundle.resolve("rootfs").toString()));
        command.addAll(RUNTIME);
        List<String> lines = Commands.run(command.toArray(String[]::new)).ok().lines();
        assertTrue(lines.size() > 10, "umoci unpacked next to nothing");
        Commands.run("rm", "-rf", "--one-file-system", bundle.toString()).ok();
        return withoutUncertainTimes(lines);
    }

    /** A difference of two thousand lines is not read by anybody: only what differs is shown. */
    private static void assertSameTree(List<String> expected, List<String> actual) {
        TreeSet<String> missing = new TreeSet<>(expected);
        actual.forEach(missing::remove);
        TreeSet<String> extra = new TreeSet<>(actual);
        expected.forEach(extra::remove);
        if (!missing.isEmpty() || !extra.isEmpty()) {
            assertEquals(
                    String.join("\n", missing.stream().limit(40).toList()),
                    String.join("\n", extra.stream().limit(40).toList()),
                    missing.size() + " lines of umoci's are missing, " + extra.size() + " are extra");
        }
        assertEquals(expected, actual);
    }
}
