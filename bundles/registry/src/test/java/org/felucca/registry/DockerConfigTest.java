package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.HostExec;
import org.felucca.api.process.HostExec.HostExecRequest;
import org.felucca.api.process.HostExec.HostExecResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConfigTest {
    private static final Credentials ANN = new Credentials("ann", "s3:cret");

    @TempDir
    Path directory;

    private final Keyring keyring = new Keyring();
    private Path file;
    private DockerConfig config;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("docker/config.json");
        Path program = Files.createFile(directory.resolve("docker-credential-ring"));
        assertTrue(program.toFile().setExecutable(true));
        config = new DockerConfig(
                file,
                new CredentialHelpers(
                        () -> keyring, Map.of("PATH", directory.toString(), "SECRET", "x", "DOCKER_HOST", "y")));
    }

    @Test
    void credentials_withoutFile_areNone() {
        assertEquals(Optional.empty(), config.credentials("registry.example"));
    }

    @Test
    void credentials_ofAllForms_areRead() throws IOException {
        write("{'auths':{'a.example':{'auth':'" + base64("ann:s3:cret") + "'},"
                + "'https://b.example/v1/':{'username':'bob','password':'b'},"
                + "'c.example:5000':{'auth':'" + base64("x:") + "','identitytoken':'t'},"
                + "'https://index.docker.io/v1/':{'auth':'" + base64("hub:h") + "'},'d.example':{}}}");
        assertEquals(Optional.of(ANN), config.credentials("a.example"));
        assertEquals(Optional.of(new Credentials("bob", "b")), config.credentials("b.example"));
        assertEquals(Optional.of(new Credentials("", "t")), config.credentials("c.example:5000"));
        assertEquals(Optional.of(new Credentials("hub", "h")), config.credentials("docker.io"));
        assertEquals(Optional.empty(), config.credentials("d.example"));
        assertEquals(Optional.empty(), config.credentials("c.example"));
    }

    @Test
    void credentials_thatAreMalformed_areRefusedWithoutShowingThem() throws IOException {
        write("{'auths':{'a.example':{'auth':'top-secret!'}}}");
        FeluccaException refused = assertThrows(FeluccaException.class, () -> config.credentials("a.example"));
        assertEquals(ErrorCode.FAILED_PRECONDITION, refused.code());
        assertFalse(refused.getMessage().contains("top-secret"), refused.getMessage());
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    @Test
    void store_keepsWhatOthersWrote_forTheOwnerAlone() throws IOException {
        write("{'auths':{'b.example':{'auth':'" + base64("bob:b") + "'}},'HttpHeaders':{'X':'y'}}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(file.toString(), config.store("a.example", ANN));
        assertEquals(Optional.of(ANN), config.credentials("a.example"));
        assertEquals(Optional.of(new Credentials("bob", "b")), config.credentials("b.example"));
        assertTrue(Files.readString(file).contains("HttpHeaders"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void store_throughASymbolicLink_replacesWhatItPointsTo() throws IOException {
        Path real = directory.resolve("real.json");
        Files.writeString(real, "{}");
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, real);
        config.store("a.example", ANN);
        assertTrue(Files.isSymbolicLink(file));
        assertTrue(Files.readString(real).contains("a.example"));
    }

    @Test
    void erase_forgetsEveryNameOfARegistry() throws IOException {
        write("{'auths':{'a.example':{'auth':'" + base64("a:b") + "'},'https://a.example/v2/':{'auth':'" + base64("a:b")
                + "'}}}");
        assertTrue(config.erase("a.example"));
        assertEquals(Optional.empty(), config.credentials("a.example"));
        assertFalse(config.erase("a.example"));
    }

    @Test
    void helper_ofARegistry_keepsItsCredentials() throws IOException {
        write("{'credHelpers':{'a.example':'ring'}}");
        assertEquals("credential helper ring", config.store("a.example", ANN));
        assertEquals(Optional.of(ANN), config.credentials("a.example"));
        assertFalse(Files.readString(file).contains("ann"));
        assertEquals(Optional.empty(), config.credentials("b.example"));
        assertTrue(config.erase("a.example"));
        assertEquals(Optional.empty(), config.credentials("a.example"));
        HostExecRequest last = keyring.requests.get(keyring.requests.size() - 1);
        assertEquals(List.of(directory.resolve("docker-credential-ring").toString(), "get"), last.argv());
        assertEquals(List.of("DOCKER_HOST=y", "PATH=" + directory), last.environment());
    }

    @Test
    void helper_whileItRuns_keepsNobodyFromTheFile() throws IOException {
        write("{'credsStore':'ring'}");
        keyring.during = () -> assertFalse(Thread.holdsLock(config));
        config.store("a.example", ANN);
        assertTrue(config.erase("a.example"));
        assertEquals(3, keyring.requests.size());
    }

    @Test
    void helper_ofAllRegistries_keepsIdentityTokens() throws IOException {
        write("{'credsStore':'ring'}");
        config.store("docker.io", new Credentials("", "token"));
        assertEquals(Optional.of(new Credentials("", "token")), config.credentials("docker.io"));
        assertTrue(keyring.kept.containsKey("https://index.docker.io/v1/"));
    }

    @Test
    void helper_thatFails_isNamed() throws IOException {
        write("{'credsStore':'ring'}");
        keyring.broken = true;
        FeluccaException refused = assertThrows(FeluccaException.class, () -> config.credentials("a.example"));
        assertEquals(ErrorCode.FAILED_PRECONDITION, refused.code());
        assertTrue(refused.getMessage().contains("ring failed: keyring is locked"), refused.getMessage());
    }

    @Test
    void helper_thatIsAbsentOrNoName_isRefused() throws IOException {
        write("{'credsStore':'other'}");
        assertTrue(assertThrows(FeluccaException.class, () -> config.credentials("a.example"))
                .getMessage()
                .contains("docker-credential-other is not in " + directory));
        write("{'credsStore':'../ring'}");
        assertThrows(FeluccaException.class, () -> config.credentials("a.example"));
        assertEquals(List.of(), keyring.requests);
    }

    private void write(String json) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, json.replace('\'', '"'));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A helper that keeps documents by their server, as its protocol says. */
    private static final class Keyring implements HostExec {
        private final Map<String, String> kept = new HashMap<>();
        private final List<HostExecRequest> requests = new ArrayList<>();
        private boolean broken;
        private Runnable during = () -> {};

        @Override
        public HostExecResult run(HostExecRequest request) {
            requests.add(request);
            during.run();
            String input = new String(request.stdin(), StandardCharsets.UTF_8);
            if (broken) {
                return answer(1, "keyring is locked");
            }
            switch (request.argv().get(1)) {
                case "store" -> kept.put(input.split("\"")[3], input);
                case "erase" -> kept.remove(input);
                case "get" -> {
                    return kept.containsKey(input)
                            ? answer(0, kept.get(input))
                            : answer(1, "credentials not found in native keychain");
                }
                default -> throw new AssertionError(request.argv());
            }
            return answer(0, "");
        }

        private static HostExecResult answer(int status, String out) {
            return new HostExecResult(new ExitStatus.Exited(status), out.getBytes(StandardCharsets.UTF_8), "");
        }
    }
}
