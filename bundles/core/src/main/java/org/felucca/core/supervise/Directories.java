package org.felucca.core.supervise;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.core.record.ContainerKey;
import org.felucca.core.spec.HostFiles;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directories of containers, {@code <root>/containers/<namespace>/<id>}: log and bound files. Thread-safe. */
public final class Directories {
    private static final Logger LOG = LoggerFactory.getLogger(Directories.class);
    private static final String LOG_FILE = "container.log";
    private static final List<String> KNOWN =
            Stream.concat(Stream.of(LOG_FILE), HostFiles.names().stream()).toList();

    private final Path top;

    /**
     * Uses a root.
     *
     * @param root the platform's persistent directory
     */
    public Directories(Path root) {
        this.top = root.resolve("containers");
    }

    /** Returns where a container's directory is, or would be. */
    public Path of(ContainerKey key) {
        return top.resolve(key.namespace().value()).resolve(key.id());
    }

    /** Returns where a container's log is, or would be. */
    public Path log(ContainerKey key) {
        return of(key).resolve(LOG_FILE);
    }

    /**
     * Makes a container's directory, unless it is there.
     *
     * @return {@code true} if it was made
     */
    public boolean make(ContainerKey key) {
        Path directory = of(key);
        File own = directory.toFile();
        if (own.mkdir()) {
            return true;
        }
        try {
            if (Files.isDirectory(directory)) {
                return false;
            }
            Files.createDirectories(directory);
            return true;
        } catch (IOException e) {
            throw HostFiles.failure("cannot create directory " + directory, e);
        }
    }

    /** Removes a container's directory with all that is in it; does nothing if it is gone. */
    public void remove(ContainerKey key) {
        Path directory = of(key);
        // What is there nearly always goes by name; only if something else is there is the directory read.
        File own = directory.toFile();
        for (String name : KNOWN) {
            new File(own, name).delete();
        }
        if (!own.delete()) {
            remove(directory);
        }
    }

    private static void remove(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // gone already
        } catch (IOException e) {
            throw HostFiles.failure("cannot remove directory " + directory, e);
        }
    }

    /** Returns the containers that have a directory, recorded or not. Directories of other names are none of ours. */
    public List<ContainerKey> list() {
        List<ContainerKey> result = new ArrayList<>();
        for (File namespace : children(top.toFile())) {
            NamespaceName name;
            try {
                name = new NamespaceName(namespace.getName());
            } catch (FeluccaException e) {
                LOG.info("left alone: {} is named for no namespace", namespace);
                continue;
            }
            for (File container : children(namespace)) {
                result.add(new ContainerKey(name, container.getName()));
            }
        }
        return result;
    }

    private static File[] children(File directory) {
        File[] children = directory.listFiles(File::isDirectory);
        return children == null ? new File[0] : children;
    }
}
