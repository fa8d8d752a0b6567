package org.felucca.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The steps that change the disk, one method each, so that a test can make any of them fail. The default methods are
 * the real ones. Thread-safe.
 */
interface FileOperations {
    /** The real file system. */
    FileOperations REAL = new FileOperations() {};

    /** Makes a directory that only its owner may enter, unless it is there. */
    default void createDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(directory);
        }
    }

    /** Opens a channel. */
    default FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, options);
    }

    /** Writes all that remains at a position. */
    default void write(FileChannel channel, ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            at += channel.write(source, at);
        }
    }

    /** Cuts a file. */
    default void truncate(FileChannel channel, long size) throws IOException {
        channel.truncate(size);
    }

    /** Takes the right to write from everybody and sets the time of the last change. */
    default void seal(Path file, FileTime time) throws IOException {
        Files.setLastModifiedTime(file, time);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        }
    }

    /** Brings data and length of a file to the disk. */
    default void force(FileChannel channel) throws IOException {
        channel.force(true);
    }

    /** Replaces {@code to} by {@code from} in one step. */
    default void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Brings the names in a directory to the disk. Windows keeps them by itself and opens no directories. */
    default void forceDirectory(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Removes a file or an empty directory if it is there; tells whether it was. */
    default boolean delete(Path path) throws IOException {
        return Files.deleteIfExists(path);
    }
}
