package org.felucca.verbs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.api.image.RegistryLogins;
import org.felucca.verbs.CommandLine;
import org.felucca.verbs.FakeContainers;
import org.felucca.verbs.FakeImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageVerbsTest {
    private final FakeImages images = new FakeImages();
    private final FakeContainers containers = new FakeContainers();
    private final CommandLine shell = new CommandLine();

    @Test
    void images_areListedWithIdsOfTheirConfiguration() {
        images.add("alpine").add("localhost:5000/team/app:2").addForeign("wine");
        assertEquals(0, shell.run(new ImagesVerb(images), ""));
        assertEquals("""
                REPOSITORY                TAG      IMAGE ID       CREATED              SIZE
                alpine                    latest   abababababab   3 days ago           3MB
                localhost:5000/team/app   2        abababababab   3 days ago           3MB
                wine                      latest   efefefefefef   about a minute ago
                """, shell.out());
    }

    @Test
    void images_ofOneRepository_areShownOnly() {
        images.add("alpine:1").add("alpine:2").add("busybox");
        shell.run(new ImagesVerb(images), "--format json alpine");
        assertEquals(2, shell.out().lines().count());
        shell.run(new ImagesVerb(images), "--format json alpine:2");
        assertTrue(shell.out().contains("\"tag\":\"2\""));
    }

    @Test
    void images_quiet_showsEachIdOnce() {
        images.add("alpine:1").add("alpine:2");
        shell.run(new ImagesVerb(images), "-q");
        assertEquals("abababababab\n", shell.out());
    }

    @Test
    void pull_printsTheWholeNameAndProgress() {
        assertEquals(0, shell.run(new PullVerb(images), "--platform linux/arm64 --snapshotter native alpine"));
        assertEquals("docker.io/library/alpine:latest\n", shell.out());
        assertEquals("progress layer\n", shell.err());
        assertEquals(List.of("pull docker.io/library/alpine:latest linux/arm64 native"), images.calls());
        shell.run(new PullVerb(images), "-q alpine");
        assertEquals("", shell.err());
    }

    @Test
    void pull_ofMalformedName_isRefused() {
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> shell.run(new PullVerb(images), "Alpine"));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
        assertTrue(refused.getMessage().startsWith("cannot read image reference \"Alpine\": "), refused.getMessage());
    }

    @Test
    void push_underAnotherName_printsWhatTheNamePointsTo() {
        images.add("alpine");
        assertEquals(0, shell.run(new PushVerb(images), "--platform linux/arm64 alpine localhost:5000/a:1"));
        assertEquals("localhost:5000/a@sha256:" + "cd".repeat(32) + "\n", shell.out());
        assertEquals(List.of("push docker.io/library/alpine:latest to localhost:5000/a:1 linux/arm64"), images.calls());
    }

    @Test
    void push_forPrograms_saysNameAndDigest() {
        images.add("alpine");
        assertEquals(0, shell.run(new PushVerb(images), "-q --format json alpine localhost:5000/a:1"));
        assertEquals("{\"name\":\"localhost:5000/a:1\",\"digest\":\"sha256:" + "cd".repeat(32) + "\"}\n", shell.out());
    }

    @Test
    void push_ofOneAndAllPlatforms_isRefused() {
        images.add("alpine");
        FeluccaException refused = assertThrows(
                FeluccaException.class,
                () -> shell.run(new PushVerb(images), "--platform linux/arm64 --all-platforms alpine"));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
        assertEquals(List.of(), images.calls());
    }

    @Test
    void save_writesTheArchiveToStandardOutputUnlessItIsATerminal() {
        images.add("alpine").add("busybox");
        assertEquals(0, shell.run(new SaveVerb(images), "--platform linux/arm64 alpine busybox"));
        assertEquals("archive", shell.out());
        assertEquals(List.of("export [alpine:latest, busybox:latest] linux/arm64"), images.calls());
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> shell.atTerminal().run(new SaveVerb(images), "alpine"));
        assertTrue(refused.getMessage().contains("terminal"), refused.getMessage());
        assertEquals(1, images.calls().size());
    }

    @Test
    void login_takesThePasswordFromStandardInputAlone() {
        FakeLogins logins = new FakeLogins();
        shell.stdin("s3cret\n");
        assertEquals(0, shell.run(new LoginVerb(logins), "-u ann --password-stdin registry.example"));
        assertEquals(List.of("login registry.example ann s3cret"), logins.calls);
        assertEquals("logged in to registry.example, kept in memory\n", shell.out());
        assertThrows(FeluccaException.class, () -> shell.run(new LoginVerb(logins), "-u ann registry.example"));
        shell.stdin("\n");
        assertThrows(FeluccaException.class, () -> shell.run(new LoginVerb(logins), "--password-stdin"));
        assertEquals(1, logins.calls.size());
    }

    @Test
    void logout_withoutRegistry_isOfDockerHub() {
        FakeLogins logins = new FakeLogins();
        assertEquals(0, shell.run(new LogoutVerb(logins), ""));
        assertEquals(List.of("logout docker.io"), logins.calls);
    }

    private static final class FakeLogins implements RegistryLogins {
        private final List<String> calls = new ArrayList<>();

        @Override
        public String login(String registry, Credentials credentials) {
            calls.add("login " + registry + " " + credentials.user() + " " + credentials.secret());
            return "memory";
        }

        @Override
        public void logout(String registry) {
            calls.add("logout " + registry);
        }
    }

    @Test
    void import_ofArchive_readsTheCallersFile() {
        shell.file("app.tar", "archive bytes");
        assertEquals(0, shell.run(new ImportVerb(images), "app.tar"));
        assertEquals("docker.io/library/loaded:latest\n", shell.out());
        assertEquals(List.of("load archive archive bytes from app.tar"), images.calls());
    }

    @Test
    void import_ofStandardInput_readsIt() {
        shell.stdin("piped");
        assertEquals(0, shell.run(new ImportVerb(images), "- mine:1"));
        assertEquals(List.of("load archive piped from standard input as docker.io/library/mine:1"), images.calls());
    }

    @Test
    void import_ofDirectory_isALayout(@TempDir Path directory) {
        assertEquals(0, shell.run(new ImportVerb(images), directory.toString()));
        assertEquals(List.of("load layout " + directory + " from " + directory), images.calls());
    }

    @Test
    void tag_ofMissing_saysWhereToLook() {
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> shell.run(new TagVerb(images), "missing x"));
        assertEquals(
                "cannot tag image missing: there is no such image; see 'felucca images', or pull it",
                refused.getMessage());
    }

    @Test
    void tag_namesTheSameImage() {
        images.add("alpine");
        assertEquals(0, shell.run(new TagVerb(images), "alpine mine:2"));
        assertEquals(List.of("tag docker.io/library/alpine:latest docker.io/library/mine:2"), images.calls());
        assertEquals("", shell.out());
    }

    @Test
    void rmi_byName_removesTheName() {
        images.add("alpine:1").add("alpine:2");
        assertEquals(0, shell.run(new RemoveImageVerb(images, containers), "alpine:1"));
        assertEquals("Untagged: alpine:1\n", shell.out());
        assertEquals(List.of("remove docker.io/library/alpine:1"), images.calls());
    }

    @Test
    void rmi_byIdWithSeveralNames_needsForce() {
        images.add("alpine:1").add("alpine:2");
        assertEquals(1, shell.run(new RemoveImageVerb(images, containers), "abababab"));
        assertEquals(
                "felucca: cannot remove image abababab: it has 2 names; give the name, or use --force\n", shell.err());
        assertEquals(0, shell.run(new RemoveImageVerb(images, containers), "-f abababab"));
        assertEquals("Untagged: alpine:1\nUntagged: alpine:2\n", shell.out());
    }

    @Test
    void rmi_ofUsedImage_namesTheContainer() {
        images.add("alpine");
        containers.add('a', "web", ContainerState.EXITED);
        assertEquals(1, shell.run(new RemoveImageVerb(images, containers), "alpine"));
        assertEquals(
                "felucca: cannot remove image alpine: container web uses it; remove the container, or use --force\n",
                shell.err());
        assertEquals(0, shell.run(new RemoveImageVerb(images, containers), "-f alpine"));
    }
}
