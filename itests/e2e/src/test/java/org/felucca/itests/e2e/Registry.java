package org.felucca.itests.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A docker-registry on loopback with a directory of its own. Thread-safe after construction. */
final class Registry implements AutoCloseable {
    private final Path directory;
    private final Process process;
    private final String address;

    /** Whom a registry with passwords knows, and by which one. */
    static final String USER = "ann";

    static final String PASSWORD = "s3 cret";

    /** The password as htpasswd keeps it, by bcrypt. */
    private static final String KEPT = "$2b$04$ucBbcZgOWTER2l9BB.BpxOxlWm9yA4zl9DxFR2HNx4b3qiFlBdbZG";

    /** Starts one that serves everybody; returns when it takes connections. */
    Registry(Path directory) {
        this(directory, false);
    }

    /**
     * Starts it; returns when it takes connections.
     *
     * @param passwords whether it serves {@link #USER} alone
     */
    Registry(Path directory, boolean passwords) {
        this.directory = directory;
        try {
            int port;
            try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = probe.getLocalPort();
            }
            address = "127.0.0.1:" + port;
            Files.createDirectories(directory);
            Path config = Files.writeString(directory.resolve("config.yml"), """
                    version: 0.1
                    log: {level: warn}
                    storage:
                      delete: {enabled: true}
                      filesystem: {rootdirectory: %s}
                    http: {addr: %s}
                    %s
                    """.formatted(
                            directory.resolve("data"), address, passwords ? auth(directory) : ""));
            process = new ProcessBuilder("docker-registry", "serve", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            Commands.await("docker-registry takes connections", Duration.ofSeconds(30), () -> {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                    return true;
                } catch (IOException e) {
                    return !process.isAlive() && fail(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String auth(Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"), USER + ":" + KEPT + "\n");
        return "auth: {htpasswd: {realm: test, path: " + users + "}}";
    }

    private boolean fail(IOException cause) {
        throw new AssertionError("docker-registry ended with " + process.exitValue(), cause);
    }

    /** Returns host and port. */
    String address() {
        return address;
    }

    /** Pushes one tag of a layout; returns the reference to pull. */
    String push(OciLayout layout, String tag, String name, String... options) {
        String reference = address + "/" + name;
        List<String> command = new ArrayList<>(List.of("skopeo", "copy", "-q", "--dest-tls-verify=false"));
        command.addAll(List.of(options));
        command.add("oci:" + layout.directory() + ":" + tag);
        command.add("docker://" + reference);
        Commands.run(command.toArray(String[]::new)).ok();
        return reference;
    }

    /** Returns where the bytes of a blob lie, to damage them. */
    Path blob(String hex) {
        return directory
                .resolve("data/docker/registry/v2/blobs/sha256")
                .resolve(hex.substring(0, 2))
                .resolve(hex)
                .resolve("data");
    }

    @Override
    public void close() {
        Daemon.kill(process.pid());
        Commands.run("rm", "-rf", "--one-file-system", directory.toString()).ok();
    }
}
