package org.felucca.registry.hosts;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.registry.tls.TlsFiles;

/**
 * The directories that say which hosts answer for a registry. Read at every question, so that a change counts at once.
 * Thread-safe.
 */
public final class HostsDirectory {
    private static final String FILE = "hosts.toml";
    private static final String DEFAULT = "_default";

    private final List<Path> roots;

    /** @param roots directories such as {@code /etc/containerd/certs.d}; the first that has something for a host counts */
    public HostsDirectory(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /**
     * Finds the hosts of a registry.
     *
     * @param domain host and port as references write them
     * @return whom to ask, in that order; at least one
     * @throws FeluccaException FAILED_PRECONDITION if what is configured cannot be read or is wrong
     */
    public List<RegistryHost> hosts(String domain) {
        String subject = "cannot use registry " + domain;
        try {
            for (Path root : roots) {
                for (String name : names(domain)) {
                    Path directory = root.resolve(name);
                    if (Files.isDirectory(directory)) {
                        return read(subject, domain, directory);
                    }
                }
            }
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "its configuration cannot be read: " + e,
                    "make it readable for the daemon",
                    e);
        }
        return List.of(RegistryHost.of(domain));
    }

    /** containerd's names of a host's directory; a colon is no character for every file system. */
    private static List<String> names(String domain) {
        int colon = domain.lastIndexOf(':');
        boolean port = colon > domain.lastIndexOf(']') && colon > 0;
        return port
                ? List.of(domain.substring(0, colon) + "_" + domain.substring(colon + 1) + "_", domain, DEFAULT)
                : List.of(domain, DEFAULT);
    }

    private static List<RegistryHost> read(String subject, String domain, Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return List.of(dockerLayout(subject, domain, directory));
        } catch (CharacterCodingException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, subject, file + " is not UTF-8", "write it anew", e);
        }
        return new HostsFile(subject, domain, file).read(text);
    }

    /** Certificates without a file that names them. */
    private static RegistryHost dockerLayout(String subject, String domain, Path directory) throws IOException {
        List<Path> authorities = new ArrayList<>();
        List<TlsFiles.Pair> pairs = new ArrayList<>();
        for (Path file : sorted(directory)) {
            String name = file.getFileName().toString();
            if (name.endsWith(".crt")) {
                authorities.add(file);
            } else if (name.endsWith(".cert")) {
                pairs.add(new TlsFiles.Pair(file, keyOf(subject, file, name)));
            }
        }
        if (authorities.isEmpty() && pairs.isEmpty()) {
            return RegistryHost.of(domain);
        }
        // Who lays certificates out for a host speaks TLS to it, on this machine too.
        return RegistryHost.secure(domain).with(new TlsFiles(authorities, pairs, false));
    }

    private static Path keyOf(String subject, Path certificate, String name) {
        String key = name.substring(0, name.length() - ".cert".length()) + ".key";
        Path file = certificate.resolveSibling(key);
        if (!Files.exists(file)) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "client certificate " + certificate + " has no key",
                    "put it beside it as " + key + "; a certificate of an authority ends in .crt");
        }
        return file;
    }

    private static Iterable<Path> sorted(Path directory) throws IOException {
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(files::add);
        }
        return files;
    }
}
