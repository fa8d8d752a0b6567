package org.felucca.images.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a directory that appears when it is whole: it is filled under another name beside its own. Confined to one
 * thread.
 */
public final class Folder implements Sink {
    private final Path top;

    private Folder(Path top) {
        this.top = top;
    }

    /** Fills a sink. */
    @FunctionalInterface
    public interface Filling {
        /** Writes everything. */
        void fill(Sink sink) throws IOException;
    }

    /**
     * Makes a directory.
     *
     * @param subject what cannot be done if it fails
     * @param directory absolute; does not exist, or is empty
     * @throws FeluccaException ALREADY_EXISTS if something is there; NOT_FOUND if its parent is not; INTERNAL if the
     *     file system fails; what the filling throws
     */
    public static void make(String subject, Path directory, Filling filling) {
        Path parent = directory.getParent();
        if (parent == null) {
            throw taken(subject, directory, null);
        }
        try {
            requireFree(subject, directory);
            Path working = Files.createDirectory(
                    parent.resolve("." + directory.getFileName() + "." + UUID.randomUUID()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            try {
                filling.fill(new Folder(working));
                Files.move(working, directory, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | RuntimeException e) {
                remove(working, e);
                throw e;
            }
        } catch (DirectoryNotEmptyException e) {
            throw taken(subject, directory, e);
        } catch (NoSuchFileException e) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND, subject, "there is no directory " + parent, "make it first", e);
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, subject, directory + " cannot be written: " + e.getMessage(), null, e);
        }
    }

    private static void requireFree(String subject, Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(subject, directory, null);
        }
        try (var entries = Files.newDirectoryStream(directory)) {
            if (entries.iterator().hasNext()) {
                throw taken(subject, directory, null);
            }
        }
    }

    private static FeluccaException taken(String subject, Path directory, @Nullable Exception cause) {
        return new FeluccaException(
                ErrorCode.ALREADY_EXISTS,
                subject,
                directory + " is there already, and is no empty directory",
                "give another name",
                cause);
    }

    @Override
    public void directory(String path) throws IOException {
        Files.createDirectories(top.resolve(path));
    }

    @Override
    public void file(String path, byte[] content) throws IOException {
        Files.write(top.resolve(path), content);
    }

    @Override
    public void file(String path, long size, InputStream content) throws IOException {
        long written = Files.copy(content, top.resolve(path));
        if (written != size) {
            throw new IOException(path + " has " + written + " bytes, not " + size);
        }
    }

    private static void remove(Path tree, Exception reason) {
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
