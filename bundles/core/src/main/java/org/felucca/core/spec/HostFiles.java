package org.felucca.core.spec;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.felucca.api.container.ContainerMount;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.NetworkMode;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.core.record.ContainerRecord;

/**
 * The files of the host that a container's document binds: {@code /etc/hosts}, {@code /etc/hostname} and
 * {@code /etc/resolv.conf}, made in the container's own directory as Docker does, and sources of binds that are to be
 * made where they are missing. Thread-safe.
 */
public final class HostFiles {
    private static final Path HOST_ETC = Path.of("/etc");

    private static final String LOCAL_HOSTS = """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            ff00::\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            """;

    /** A file that is made and bound. */
    enum File {
        /** Names and addresses. */
        HOSTS("hosts"),
        /** The host name. */
        HOSTNAME("hostname"),
        /** Where names are looked up. */
        RESOLV_CONF("resolv.conf");

        private final String fileName;

        File(String fileName) {
            this.fileName = fileName;
        }

        String fileName() {
            return fileName;
        }

        String target() {
            return "/etc/" + fileName;
        }
    }

    private final HostText hosts;
    private final HostText resolver;
    private final HostText reachable;

    /** Reads the host's own files in {@code /etc}. */
    public HostFiles() {
        this(HOST_ETC);
    }

    /** Reads the host's own files elsewhere. */
    HostFiles(Path hostEtc) {
        this.hosts = new HostText(hostEtc.resolve("hosts"), LOCAL_HOSTS, text -> text);
        this.resolver = new HostText(hostEtc.resolve("resolv.conf"), "", text -> text);
        this.reachable = new HostText(hostEtc.resolve("resolv.conf"), "", HostText::withoutLoopback);
    }

    /**
     * Makes what the binds need. The directory exists. Files that the container changed since an earlier start are
     * written anew, as Docker does.
     *
     * @throws FeluccaException NOT_FOUND for the source of a bind that is missing and not to be made; CANCELLED on
     *     interrupt; RESOURCE_EXHAUSTED or INTERNAL if the host's file system fails
     */
    public void prepare(ContainerRecord container, Path directory) {
        ContainerRequest request = container.request();
        for (ContainerMount mount : request.mounts()) {
            if (mount instanceof ContainerMount.Bind bind) {
                requireSource(bind);
            }
        }
        try {
            boolean host = request.network() == NetworkMode.HOST;
            write(directory, File.HOSTS, host ? hosts.read() : LOCAL_HOSTS);
            write(directory, File.HOSTNAME, LinuxSpec.hostname(container) + "\n");
            write(directory, File.RESOLV_CONF, host ? resolver.read() : reachable.read());
        } catch (IOException e) {
            throw failure("cannot prepare files of container " + container.name(), e);
        }
    }

    private static void write(Path directory, File file, String text) throws IOException {
        try (FileOutputStream out =
                new FileOutputStream(directory.resolve(file.fileName()).toFile())) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void requireSource(ContainerMount.Bind bind) {
        Path source = Path.of(bind.source());
        if (Files.exists(source)) {
            return;
        }
        if (!bind.createSource()) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    "cannot mount " + bind.source() + " at " + bind.target(),
                    "there is no such file or directory on the host",
                    "create it first, or use -v, which does");
        }
        try {
            Files.createDirectories(source);
        } catch (FileAlreadyExistsException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot create " + bind.source(),
                    e.getFile() + " is not a directory",
                    null,
                    e);
        } catch (IOException e) {
            throw failure("cannot create " + bind.source(), e);
        }
    }

    /** Returns the names of the files in a container's directory. */
    public static List<String> names() {
        return Stream.of(File.values()).map(File::fileName).toList();
    }

    /** Returns what to throw for a failure of the host's file system. */
    public static FeluccaException failure(String subject, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new FeluccaException(ErrorCode.CANCELLED, subject, "the caller gave up", null, e);
        }
        String reason = e.getMessage() == null ? e.toString() : e.getMessage();
        return reason.contains("No space left") || reason.contains("quota exceeded")
                ? new FeluccaException(ErrorCode.RESOURCE_EXHAUSTED, subject, reason, "free some space", e)
                : new FeluccaException(ErrorCode.INTERNAL, subject, reason, null, e);
    }
}
