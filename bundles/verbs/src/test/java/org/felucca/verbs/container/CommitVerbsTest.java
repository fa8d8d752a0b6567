package org.felucca.verbs.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.felucca.api.container.ContainerCommit;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.verbs.CommandLine;
import org.felucca.verbs.FakeContainers;
import org.felucca.verbs.request.DefaultsText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a container's files: {@code diff}, {@code commit}, {@code export}. */
class CommitVerbsTest {
    private final FakeContainers containers = new FakeContainers().add('a', "web", ContainerState.RUNNING);
    private final CommandLine shell = new CommandLine();

    @Test
    void diff_showsALetterAndAPath() {
        assertEquals(0, shell.run(new DiffVerb(containers), "web"));
        assertEquals("C /etc\nA /etc/new\nD /old\n", shell.out());
        shell.run(new DiffVerb(containers), "--format json web");
        assertTrue(shell.out().startsWith("{\"kind\":\"C\",\"path\":\"/etc\"}\n"));
    }

    @Test
    void export_writesToStandardOutputOrAFile_notToATerminal() {
        assertEquals(0, shell.run(new ExportVerb(containers), "web"));
        assertEquals("tree", shell.out());
        shell.atTerminal();
        assertThrows(FeluccaException.class, () -> shell.run(new ExportVerb(containers), "web"));
        assertEquals(0, shell.run(new ExportVerb(containers), "-o web.tar web"));
        assertEquals("tree", shell.made("web.tar").orElseThrow());
        assertThrows(FeluccaException.class, () -> shell.run(new ExportVerb(containers), "-o other.tar nobody"));
        assertTrue(shell.made("other.tar").isEmpty());
    }

    @Test
    void commit_printsTheId_andPausesUnlessToldNotTo() {
        assertEquals(0, shell.run(new CommitVerb(containers), "web mine:2"));
        assertEquals(FakeContainers.IMAGE_ID + "\n", shell.out());
        ContainerCommit commit = containers.commit();
        assertEquals("docker.io/library/mine:2", commit.name().orElseThrow().toString());
        assertTrue(commit.pause());
    }

    @Test
    void commit_takesAuthorMessageAndChanges() {
        List<String> words = List.of(
                "-a", "Ann", "-m", "with tools", "--pause=false", "-c", "USER bob", "-c", "CMD [\"a\", \"b\"]", "web");
        assertEquals(0, shell.run(new CommitVerb(containers), words));
        ContainerCommit commit = containers.commit();
        assertEquals("Ann", commit.author());
        assertEquals("with tools", commit.comment());
        assertFalse(commit.pause());
        assertTrue(commit.name().isEmpty());
        ContainerDefaults changed = commit.change().apply(ContainerDefaults.EMPTY);
        assertEquals("bob", changed.user());
        assertEquals(List.of("a", "b"), changed.cmd());
    }

    @Test
    void commit_toADigest_isRefused() {
        String name = "mine@sha256:" + "ab".repeat(32);
        assertThrows(FeluccaException.class, () -> shell.run(new CommitVerb(containers), "web " + name));
    }

    private static ContainerDefaults changed(ContainerDefaults was, String... instructions) {
        return DefaultsText.changes(List.of(instructions)).apply(was);
    }

    @Test
    void changes_areThoseOfADockerfile() {
        ContainerDefaults was = ContainerDefaults.builder()
                .env(List.of("A=1", "B=2"))
                .labels(Map.of("x", "1"))
                .exposedPorts(List.of("80/tcp"))
                .volumes(List.of("/data"))
                .workingDir("/srv")
                .entrypoint(List.of("/old"))
                .cmd(List.of("old"))
                .build();
        ContainerDefaults now = changed(
                was,
                "ENV A=3 C=\"four five\" D=six\\ seven",
                "env E eight nine",
                "LABEL x=2 y='a b'",
                "EXPOSE 80 443/UDP",
                "VOLUME [\"/a b\"]",
                "VOLUME /logs /data",
                "WORKDIR app",
                "ENTRYPOINT [\"/new\"]",
                "CMD echo $A",
                "STOPSIGNAL SIGINT",
                "ONBUILD RUN make");
        assertEquals(List.of("A=3", "B=2", "C=four five", "D=six seven", "E=eight nine"), now.env());
        assertEquals(Map.of("x", "2", "y", "a b"), now.labels());
        assertEquals(List.of("80/tcp", "443/udp"), now.exposedPorts());
        assertEquals(List.of("/data", "/a b", "/logs"), now.volumes());
        assertEquals("/srv/app", now.workingDir());
        assertEquals(List.of("/new"), now.entrypoint());
        assertEquals(List.of("/bin/sh", "-c", "echo $A"), now.cmd());
        assertEquals("SIGINT", now.stopSignal());
        assertEquals(List.of("RUN make"), now.onBuild());
    }

    @Test
    void entrypoint_dropsArgumentsOfTheOldOne_andCanBeTakenAway() {
        ContainerDefaults was = ContainerDefaults.builder()
                .entrypoint(List.of("/old"))
                .cmd(List.of("old"))
                .build();
        assertEquals(List.of(), changed(was, "ENTRYPOINT []").entrypoint());
        assertEquals(List.of(), changed(was, "ENTRYPOINT []").cmd());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RUN rm -rf /",
                "CMD",
                "CMD [\"open",
                "CMD [1]",
                "ENV A=1 B",
                "ENV A",
                "LABEL =x",
                "EXPOSE http",
                "STOPSIGNAL SIGNOTHING",
                "ENV A=\"open",
                ""
            })
    void whatIsNoChange_isRefusedByName(String instruction) {
        assertThrows(FeluccaException.class, () -> DefaultsText.changes(List.of(instruction)));
    }
}
