package org.felucca.registry.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.registry.TestProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in every form that openssl writes. */
class TlsContextsTest {
    @TempDir
    static Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        openssl("genrsa", "-out", "rsa8.key", "2048");
        openssl("rsa", "-in", "rsa8.key", "-traditional", "-out", "rsa1.key");
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-out", "ec256.key");
        openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "ec384.key");
        openssl("pkcs8", "-topk8", "-nocrypt", "-in", "ec384.key", "-out", "ec8.key");
        openssl("genpkey", "-algorithm", "ED25519", "-out", "ed.key");
        openssl("rsa", "-in", "rsa8.key", "-traditional", "-aes128", "-passout", "pass:secret", "-out", "secret1.key");
        openssl("pkcs8", "-topk8", "-in", "rsa8.key", "-passout", "pass:secret", "-out", "secret8.key");
        for (String key : List.of("rsa8", "rsa1", "ec256", "ec384", "ec8", "ed")) {
            openssl("req", "-x509", "-key", key + ".key", "-subj", "/CN=" + key, "-days", "9", "-out", key + ".crt");
        }
        Files.writeString(directory.resolve("empty.key"), "nothing\n");
        Files.writeString(
                directory.resolve("cut.key"),
                "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ==\n-----END EC PRIVATE KEY-----\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa8", "rsa1", "ec256", "ec384", "ec8", "ed"})
    void of_keyOfAnyForm_isRead(String name) {
        assertNotNull(TlsContexts.of("cannot", files(name + ".crt", name + ".key")));
    }

    @Test
    void of_oneFileWithBoth_isRead() throws Exception {
        Files.writeString(
                directory.resolve("both.pem"),
                Files.readString(directory.resolve("ec256.crt")) + Files.readString(directory.resolve("ec256.key")));
        assertNotNull(TlsContexts.of("cannot", files("both.pem", "both.pem")));
    }

    @ParameterizedTest
    @CsvSource({
        "ec256.crt, secret1.key, the key is under a password; take it off with 'openssl pkey'",
        "ec256.crt, secret8.key, the key is under a password; take it off with 'openssl pkey'",
        "ec256.crt, empty.key, it has no private key",
        "ec256.crt, cut.key, the key is damaged",
        "empty.key, ec256.key, it has no certificate",
        "absent.crt, ec256.key, it cannot be read",
    })
    void of_fileThatIsWrong_isRefusedNamingIt(String certificate, String key, String reason) {
        FeluccaException e =
                assertThrows(FeluccaException.class, () -> TlsContexts.of("cannot", files(certificate, key)));
        assertEquals(ErrorCode.FAILED_PRECONDITION, e.code());
        String wrong = certificate.equals("ec256.crt") ? key : certificate;
        assertTrue(
                e.getMessage().contains("certificate or key " + directory.resolve(wrong) + ": " + reason),
                e::getMessage);
    }

    private static TlsFiles files(String certificate, String key) {
        return new TlsFiles(
                List.of(), List.of(new TlsFiles.Pair(directory.resolve(certificate), directory.resolve(key))), false);
    }

    private static void openssl(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "openssl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        TestProcess.run(directory, command);
    }
}
