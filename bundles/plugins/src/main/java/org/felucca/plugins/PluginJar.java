package org.felucca.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;

/**
 * A private copy of a jar from the folder. What is verified is what is installed, whatever happens to the original meanwhile.
 *
 * @param copy the file, named by its digest
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param symbolicName the bundle's name
 * @param version the bundle's version
 */
record PluginJar(Path copy, String sha256, String symbolicName, String version) {
    private static final long MAX_SIZE = 256L << 20;

    /**
     * Copies a jar into a directory and reads its manifest. The copy is removed again if the jar is refused.
     *
     * @throws RefusedException if it cannot be read, is too large, or is not a whole jar with a bundle's manifest
     */
    static PluginJar copy(Path original, Path directory) throws RefusedException {
        Path incoming = directory.resolve("incoming");
        try {
            String sha256 = copyContent(original, incoming);
            String[] identity = identity(incoming);
            Path copy = directory.resolve(sha256 + ".jar");
            Files.move(incoming, copy, StandardCopyOption.REPLACE_EXISTING);
            return new PluginJar(copy, sha256, identity[0], identity[1]);
        } catch (IOException e) {
            throw new RefusedException("cannot read it: " + e.getMessage() + "; copy it again", e);
        } finally {
            incoming.toFile().delete();
        }
    }

    private static String copyContent(Path original, Path target) throws IOException, RefusedException {
        MessageDigest digest = newDigest();
        try (InputStream in = Files.newInputStream(original, LinkOption.NOFOLLOW_LINKS);
                OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
            byte[] buffer = new byte[1 << 16];
            long size = 0;
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                size += length;
                if (size > MAX_SIZE) {
                    throw new RefusedException("it is larger than " + (MAX_SIZE >> 20) + " MiB; make it smaller");
                }
                out.write(buffer, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String[] identity(Path jar) throws IOException, RefusedException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String name = manifest == null ? null : header(manifest, Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new RefusedException(
                        "its manifest has no " + Constants.BUNDLE_SYMBOLICNAME + "; build it as a bundle");
            }
            String version = manifest == null ? null : header(manifest, Constants.BUNDLE_VERSION);
            return new String[] {name.split(";", 2)[0].strip(), version == null ? "0.0.0" : version.strip()};
        }
    }

    private static @Nullable String header(Manifest manifest, String name) {
        return manifest.getMainAttributes().getValue(name);
    }
}
