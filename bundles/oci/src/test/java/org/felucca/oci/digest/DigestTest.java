package org.felucca.oci.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest.Algorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    private static final String EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String ABC_512 = "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

    @Test
    void of_knownContent_isTheKnownHash() {
        assertEquals(EMPTY, Digest.of(new byte[0]).toString());
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                ABC_512,
                new Digester(Algorithm.SHA512).update(abc, 0, 3).digest().toString());
    }

    @Test
    void parse_itsOwnText_isEqual() {
        for (long seed = 0; seed < 100; seed++) {
            byte[] content = new byte[50];
            new Random(seed).nextBytes(content);
            Digest digest = Digest.of(content);
            assertEquals(digest, Digest.parse(digest.toString()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256",
                "sha256:",
                ":e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "md5:d41d8cd98f00b204e9800998ecf8427e",
                "SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
                "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
                "sha256:../../../../../../etc/passwd/4649b934ca495991b7852b855aaaaaaaaaaaaaa",
                "sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            })
    void parse_malformed_isRefused(String text) {
        OciFormatException e = assertThrows(OciFormatException.class, () -> Digest.parse(text));
        assertTrue(e.getMessage().startsWith("cannot read digest \""), e.getMessage());
    }

    @Test
    void digest_takenInBetween_doesNotDisturb() {
        Digester digester = new Digester(Algorithm.SHA256);
        byte[] content = "hello world".getBytes(StandardCharsets.US_ASCII);
        digester.update(content, 0, 5);
        digester.digest();
        digester.update(ByteBuffer.wrap(content, 5, 6));
        assertEquals(Digest.of(content), digester.digest());
    }
}
