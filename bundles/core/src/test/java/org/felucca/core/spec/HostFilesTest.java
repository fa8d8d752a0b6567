package org.felucca.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.felucca.api.container.ContainerMount.Bind;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.NetworkMode;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.core.fake.SomeContainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
    @TempDir
    Path directory;

    private Path etc;
    private Path own;
    private HostFiles files;

    @BeforeEach
    void hosts() throws IOException {
        etc = Files.createDirectory(directory.resolve("etc"));
        own = Files.createDirectory(directory.resolve("own"));
        Files.writeString(etc.resolve("hosts"), "10.0.0.1 gateway\n");
        Files.writeString(etc.resolve("resolv.conf"), "search a\nnameserver 127.0.0.53\nnameserver 10.0.0.2\n");
        files = new HostFiles(etc);
    }

    private void prepare(ContainerRequest.Builder request) {
        files.prepare(SomeContainer.of(request.build()), own);
    }

    private String read(String name) throws IOException {
        return Files.readString(own.resolve(name));
    }

    @Test
    void ownNetwork_getsLocalNamesAndReachableServers() throws IOException {
        prepare(SomeContainer.request());

        assertTrue(read("hosts").startsWith("127.0.0.1\tlocalhost\n"));
        assertEquals("0123456789ab\n", read("hostname"));
        assertEquals("search a\nnameserver 10.0.0.2\n", read("resolv.conf"));
    }

    @Test
    void hostNetwork_getsTheHostsFiles() throws IOException {
        prepare(SomeContainer.request().network(NetworkMode.HOST).hostname("given"));

        assertEquals("10.0.0.1 gateway\n", read("hosts"));
        assertEquals("given\n", read("hostname"));
        assertTrue(read("resolv.conf").contains("127.0.0.53"));
    }

    @Test
    void hostWithoutFiles_isNoError() throws IOException {
        Files.delete(etc.resolve("hosts"));
        Files.delete(etc.resolve("resolv.conf"));

        prepare(SomeContainer.request().network(NetworkMode.HOST));

        assertTrue(read("hosts").contains("localhost"));
        assertEquals("", read("resolv.conf"));
    }

    @Test
    void nextStart_writesThemAnew() throws IOException {
        prepare(SomeContainer.request());
        Files.writeString(own.resolve("hosts"), "changed from within");

        prepare(SomeContainer.request());

        assertTrue(read("hosts").startsWith("127.0.0.1"));
    }

    @Test
    void missingSource_isMadeOrRefused() {
        Path missing = directory.resolve("a/b");

        FeluccaException failure = assertThrows(
                FeluccaException.class,
                () -> prepare(SomeContainer.request()
                        .mounts(List.of(new Bind(missing.toString(), "/b", false, false, List.of())))));
        assertEquals(ErrorCode.NOT_FOUND, failure.code());
        assertTrue(failure.getMessage().contains(missing.toString()));

        prepare(SomeContainer.request().mounts(List.of(new Bind(missing.toString(), "/b", false, true, List.of()))));
        assertTrue(Files.isDirectory(missing));
    }

    @Test
    void sourceBelowAFile_isRefusedByName() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        FeluccaException failure = assertThrows(
                FeluccaException.class,
                () -> prepare(SomeContainer.request()
                        .mounts(List.of(new Bind(file.resolve("b").toString(), "/b", false, true, List.of())))));

        assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
    }
}
