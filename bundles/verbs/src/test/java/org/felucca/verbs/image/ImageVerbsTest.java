package org.felucca.verbs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.api.image.RegistryListings;
import org.felucca.api.image.RegistryLogins;
import org.felucca.api.lease.Collector;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.History;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.reference.ImageReference;
import org.felucca.verbs.CommandLine;
import org.felucca.verbs.FakeContainers;
import org.felucca.verbs.FakeImages;
import org.jspecify.annotations.Nullable;
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
    void pull_ofAllPlatforms_asksForThem() {
        assertEquals(0, shell.run(new PullVerb(images), "-q --all-platforms alpine"));
        assertEquals(List.of("pull docker.io/library/alpine:latest all"), images.calls());
    }

    @Test
    void copy_printsWhatTheNewNamePointsTo() {
        assertEquals(0, shell.run(new CopyVerb(images), "--platform linux/arm/v7 alpine localhost:5000/a:1"));
        assertEquals("localhost:5000/a@sha256:" + "ef".repeat(32) + "\n", shell.out());
        assertEquals(
                List.of("copy docker.io/library/alpine:latest to localhost:5000/a:1 linux/arm/v7"), images.calls());
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
    void tags_printsThemAndSaysTheRepositoryForPrograms() {
        FakeListings listings = new FakeListings();
        assertEquals(0, shell.run(new TagsVerb(listings), "localhost:5000/team/app"));
        assertEquals("1\n2\n", shell.out());
        assertEquals(0, shell.run(new TagsVerb(listings), "--format json alpine"));
        assertEquals(
                "{\"repository\":\"docker.io/library/alpine\",\"tag\":\"1\"}\n"
                        + "{\"repository\":\"docker.io/library/alpine\",\"tag\":\"2\"}\n",
                shell.out());
        assertEquals(List.of("tags localhost:5000/team/app", "tags docker.io/library/alpine"), listings.calls);
    }

    @Test
    void tags_ofOneImage_isRefused() {
        FakeListings listings = new FakeListings();
        for (String name : List.of("alpine:1", "localhost:5000/a@sha256:" + "ab".repeat(32))) {
            FeluccaException refused =
                    assertThrows(FeluccaException.class, () -> shell.run(new TagsVerb(listings), name));
            assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
        }
        assertEquals(List.of(), listings.calls);
    }

    @Test
    void referrers_areListedWithTheirTypes() {
        FakeListings listings = new FakeListings();
        String digest = "sha256:" + "ab".repeat(32);
        assertEquals(0, shell.run(new ReferrersVerb(listings), "localhost:5000/a:1"));
        assertEquals(
                "DIGEST" + " ".repeat(68) + "ARTIFACT TYPE           SIZE\n" + digest
                        + "   application/spdx+json   500B\n",
                shell.out());
        assertEquals(0, shell.run(new ReferrersVerb(listings), "-q --artifact-type application/x alpine"));
        assertEquals(digest + "\n", shell.out());
        assertEquals(0, shell.run(new ReferrersVerb(listings), "--format json alpine"));
        assertEquals(
                "{\"name\":\"docker.io/library/alpine@" + digest + "\",\"digest\":\"" + digest
                        + "\",\"artifactType\":\"application/spdx+json\","
                        + "\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":500}\n",
                shell.out());
        assertEquals(
                List.of(
                        "referrers localhost:5000/a:1 null",
                        "referrers docker.io/library/alpine:latest application/x",
                        "referrers docker.io/library/alpine:latest null"),
                listings.calls);
        assertThrows(
                FeluccaException.class,
                () -> shell.run(new ReferrersVerb(listings), "--artifact-type sbom localhost:5000/a:1"));
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
        assertEquals(List.of("export [alpine:latest, busybox:latest] linux/arm64 LAYOUT_AND_DOCKER"), images.calls());
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> shell.atTerminal().run(new SaveVerb(images), "alpine"));
        assertTrue(refused.getMessage().contains("terminal"), refused.getMessage());
        assertEquals(1, images.calls().size());
    }

    @Test
    void save_toAFile_hasTheCallerMakeIt() {
        images.add("alpine");
        shell.atTerminal();
        assertEquals(0, shell.run(new SaveVerb(images), "--as docker-archive -o app.tar alpine"));
        assertEquals("archive", shell.made("app.tar").orElseThrow());
        assertEquals("", shell.out());
        assertEquals(List.of("export [alpine:latest] DOCKER"), images.calls());
    }

    @Test
    void save_asLayout_needsADirectory() {
        images.add("alpine");
        assertThrows(FeluccaException.class, () -> shell.run(new SaveVerb(images), "--as oci alpine"));
        assertEquals(0, shell.run(new SaveVerb(images), "--as oci -o ../out alpine"));
        assertEquals(List.of("export 1 to /home/out LAYOUT"), images.calls());
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
    void login_atATerminal_asksForWhatIsMissing() {
        FakeLogins logins = new FakeLogins();
        shell.atTerminal("ann", "s3 cret");
        assertEquals(0, shell.run(new LoginVerb(logins), "registry.example"));
        assertEquals("Username: \nPassword: <hidden>\n", shell.err());
        shell.atTerminal("other");
        assertEquals(0, shell.run(new LoginVerb(logins), "-u bob registry.example"));
        assertEquals(List.of("login registry.example ann s3 cret", "login registry.example bob other"), logins.calls);
        shell.atTerminal("");
        assertThrows(FeluccaException.class, () -> shell.run(new LoginVerb(logins), "-u bob registry.example"));
        assertEquals(2, logins.calls.size());
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

    private static History step(String command, boolean empty) {
        return new History(CommandLine.NOW.minusSeconds(7200), null, command, empty ? null : "made", empty);
    }

    @Test
    void history_showsTheLastStepFirst_andSizesOfLayersOnly() {
        String longest = "/bin/sh -c apt-get update && apt-get install -y everything";
        images.add("alpine").history(step(longest, false), step("CMD [\"sh\"]", true));
        assertEquals(0, shell.run(new HistoryVerb(images), "alpine"));
        assertEquals("""
                IMAGE          CREATED       CREATED BY                                      SIZE   COMMENT
                abababababab   2 hours ago   CMD ["sh"]                                      0B
                <missing>      2 hours ago   /bin/sh -c apt-get update && apt-get install…   3MB    made
                """, shell.out());
        shell.run(new HistoryVerb(images), "--no-trunc alpine");
        assertTrue(shell.out().contains(longest + "   3MB"));
        shell.run(new HistoryVerb(images), "--format json alpine");
        String json = shell.out();
        assertEquals(2, json.lines().count());
        assertTrue(json.contains("\"createdBy\":\"" + longest + "\",\"size\":3000000,\"comment\":\"made\""), json);
    }

    @Test
    void history_thatTellsOfFewerLayers_showsTheOthers() {
        images.add("alpine").history(step("LABEL a=b", true));
        assertEquals(0, shell.run(new HistoryVerb(images), "alpine"));
        assertEquals("""
                IMAGE          CREATED       CREATED BY   SIZE   COMMENT
                abababababab                              3MB
                <missing>      2 hours ago   LABEL a=b    0B
                """, shell.out());
    }

    private final List<Set<RecordId>> previews = new ArrayList<>();
    private final Collector collector = new Collector() {
        @Override
        public Freed collect() {
            images.calls().add("collect");
            return Freed.NOTHING;
        }

        @Override
        public Freed preview(Set<RecordId> without) {
            previews.add(without);
            return new Freed(1, 2, 3_000);
        }
    };

    @Test
    void prune_removesUnnamedImagesAndCollects() {
        images.add("alpine").addUnnamed();
        assertEquals(0, shell.run(new PruneImagesVerb(images, containers, collector), ""));
        String name = "localhost/unnamed@sha256:" + "aa".repeat(32);
        assertEquals("Untagged: " + name + "\nFreed 3000 bytes: 2 blobs, 1 snapshot\n", shell.out());
        assertEquals(List.of("remove " + name, "collect"), images.calls());
        assertEquals(List.of(Set.of(new RecordId(RecordKind.IMAGE, "default", name))), previews);
    }

    @Test
    void prune_all_takesImagesThatNoContainerUses() {
        images.add("alpine").add("busybox");
        assertEquals(0, shell.run(new PruneImagesVerb(images, containers, collector), "--all --dry-run"));
        assertEquals(
                "Would untag: alpine:latest\nWould untag: busybox:latest\n"
                        + "Would free 3000 bytes: 2 blobs, 1 snapshot\n",
                shell.out());
        assertEquals(List.of(), images.calls(), "a dry run changes nothing");
        containers.add('a', "web", ContainerState.EXITED);
        assertEquals(0, shell.run(new PruneImagesVerb(images, containers, collector), "-a --format json"));
        assertEquals("{\"dryRun\":false,\"blobs\":2,\"bytes\":3000,\"snapshots\":1}\n", shell.out());
    }

    @Test
    void prune_atATerminal_asksFirst() {
        images.addUnnamed();
        PruneImagesVerb prune = new PruneImagesVerb(images, containers, collector);
        shell.atTerminal("n");
        assertThrows(FeluccaException.class, () -> shell.run(prune, ""));
        assertEquals(List.of(), images.calls());
        assertEquals(0, shell.run(prune, "--force"));
        assertEquals(2, images.calls().size());
    }

    @Test
    void images_withoutAName_areShownAsNone() {
        images.addUnnamed();
        shell.run(new ImagesVerb(images), "");
        assertTrue(shell.out().contains("<none>       <none>   abababababab"));
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

    /** A registry with two tags and one referrer. */
    private static final class FakeListings implements RegistryListings {
        private final List<String> calls = new ArrayList<>();

        @Override
        public List<String> tags(ImageReference repository) {
            calls.add("tags " + repository.name());
            return List.of("1", "2");
        }

        @Override
        public List<Descriptor> referrers(ImageReference image, @Nullable MediaType artifactType) {
            calls.add("referrers " + image + " " + artifactType);
            Digest digest = new Digest(Digest.Algorithm.SHA256, "ab".repeat(32));
            return List.of(Descriptor.of(MediaType.OCI_MANIFEST, digest, 500)
                    .withArtifactType(new MediaType("application/spdx+json")));
        }
    }
}
