package org.felucca.oci.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String D = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @ParameterizedTest
    @CsvSource({
        "alpine, docker.io/library/alpine:latest, alpine:latest",
        "alpine:3.20, docker.io/library/alpine:3.20, alpine:3.20",
        "user/app, docker.io/user/app:latest, user/app:latest",
        "docker.io/alpine, docker.io/library/alpine:latest, alpine:latest",
        "index.docker.io/alpine, docker.io/library/alpine:latest, alpine:latest",
        "docker.io/library/a/b, docker.io/library/a/b:latest, library/a/b:latest",
        "localhost/x, localhost/x:latest, localhost/x:latest",
        "localhost:5000/x/y:v1, localhost:5000/x/y:v1, localhost:5000/x/y:v1",
        "UPPER/x, UPPER/x:latest, UPPER/x:latest",
        "gcr.io/a/b/c:T_a.g-1, gcr.io/a/b/c:T_a.g-1, gcr.io/a/b/c:T_a.g-1",
        "[fc00::1]:5000/x, [fc00::1]:5000/x:latest, [fc00::1]:5000/x:latest",
        "127.0.0.1:5000/a__b/c-----d, 127.0.0.1:5000/a__b/c-----d:latest, 127.0.0.1:5000/a__b/c-----d:latest",
        "test:5000/repo, test:5000/repo:latest, test:5000/repo:latest",
        "foo_bar/baz, docker.io/foo_bar/baz:latest, foo_bar/baz:latest",
    })
    void parse_validText_normalises(String text, String full, String familiar) {
        ImageReference reference = ImageReference.parse(text);
        assertEquals(full, reference.toString());
        assertEquals(familiar, reference.familiar());
        assertEquals(reference, ImageReference.parse(full));
        assertEquals(reference, ImageReference.parse(familiar));
    }

    @Test
    void parse_withDigest_hasNoDefaultTag() {
        ImageReference reference = ImageReference.parse("alpine@" + D);
        assertEquals(Optional.empty(), reference.tag());
        assertEquals(D, reference.lookup());
        assertEquals("docker.io/library/alpine@" + D, reference.toString());
    }

    @Test
    void parse_withTagAndDigest_keepsBothAndLooksUpTheDigest() {
        ImageReference reference = ImageReference.parse("localhost:5000/x:1@" + D);
        assertEquals(Optional.of("1"), reference.tag());
        assertEquals(Optional.of(Digest.parse(D)), reference.digest());
        assertEquals(D, reference.lookup());
        assertEquals("localhost:5000/x:1@" + D, reference.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " alpine",
                "Alpine",
                "user/App",
                "a:b:c",
                ":tag",
                "alpine:",
                "alpine:-x",
                "alpine@",
                "alpine@sha256:12",
                "alpine@" + D + "@" + D,
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "a//b",
                "a/b/",
                "/a",
                "a/-b",
                "a/b-",
                "a/b..c",
                "a/b___c",
                "../etc",
                "example.com:0/a",
                "example.com:99999/a",
                "example.com:5000000/a",
                "example.com:port/a",
                "-x.com/a",
                "x..com/a",
                "[fc00::1/a",
                "[fe80::1%eth0]/a",
                "fc00::1/a",
                "https://example.com/a",
                "a b",
                "al\npine",
                "ålpine"
            })
    void parse_outsideTheGrammar_isRefused(String text) {
        OciFormatException e = assertThrows(OciFormatException.class, () -> ImageReference.parse(text));
        assertTrue(e.getMessage().startsWith("cannot read image reference \""), e.getMessage());
    }

    @Test
    void parse_lengthLimits_areThoseOfDistribution() {
        String path = "a/" + "b".repeat(253);
        assertEquals(path, ImageReference.parse("x.io/" + path).path());
        assertThrows(OciFormatException.class, () -> ImageReference.parse("x.io/" + path + "b"));
        String tag = "t".repeat(128);
        assertEquals(Optional.of(tag), ImageReference.parse("x:" + tag).tag());
        assertThrows(OciFormatException.class, () -> ImageReference.parse("x:" + tag + "t"));
    }

    @Test
    void parse_anyText_isRefusedOrItsOwnFixedPoint() {
        String alphabet = "ab0.-_:/@[]AZ ~%";
        int accepted = 0;
        for (long seed = 0; seed < 200_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = 1 + random.nextInt(10); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            ImageReference reference;
            try {
                reference = ImageReference.parse(text.toString());
            } catch (OciFormatException e) {
                continue;
            }
            accepted++;
            assertEquals(reference, ImageReference.parse(reference.toString()), text::toString);
            assertEquals(reference, ImageReference.parse(reference.familiar()), text::toString);
        }
        assertTrue(accepted > 1000, "the generator met only " + accepted + " valid references");
    }

    @Test
    void withDigest_thenWithTag_replacesThePin() {
        ImageReference pinned = ImageReference.parse("alpine:3").withDigest(Digest.parse(D));
        assertEquals("docker.io/library/alpine:3@" + D, pinned.toString());
        assertEquals("docker.io/library/alpine:4", pinned.withTag("4").toString());
    }
}
