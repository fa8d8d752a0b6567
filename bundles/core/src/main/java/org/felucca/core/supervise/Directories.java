package org.felucca.core.supervise;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.core.record.ContainerKey;
import org.felucca.core.spec.HostFiles;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the files of containers are. Thread-safe.
 *
 * <pre>
 *   &lt;root&gt;/containers/&lt;namespace&gt;/&lt;id&gt;.log, .log.1, ...   what it wrote: made when it first writes
 *   &lt;state&gt;/containers/&lt;namespace&gt;/&lt;id&gt;/                 files that are bound into it, made anew at each start
 * </pre>
 *
 * <p>A container that writes nothing makes no file under the root, which is on a disk.
 */
public final class Directories {
    private static final Logger LOG = LoggerFactory.getLogger(Directories.class);
    private static final String LOG_SUFFIX = ".log";
    private static final List<String> KNOWN = HostFiles.names();

    private final Path logs;
    private final Path files;

    /**
     * Uses these.
     *
     * @param root the platform's persistent directory
     * @param state the platform's state directory, which need not outlive the host's run
     */
    public Directories(Path root, Path state) {
        this.logs = root.resolve("containers");
        this.files = state.resolve("containers");
    }

    /** Returns where the directory of a container's bound files is, or would be. */
    public Path of(ContainerKey key) {
        return files.resolve(key.namespace().value()).resolve(key.id());
    }

    /** Returns where a container's log is, or would be. */
    public Path log(ContainerKey key) {
        return logs.resolve(key.namespace().value()).resolve(key.id() + LOG_SUFFIX);
    }

    /**
     * Makes the directory of a container's bound files, unless it is there, and the one that its log goes to.
     *
     * @return {@code true} if the former was made
     */
    public boolean make(ContainerKey key) {
        Path directory = of(key);
        try {
            Path parent = Objects.requireNonNull(log(key).getParent(), "below the root");
            if (!parent.toFile().isDirectory()) {
                Files.createDirectories(parent);
            }
            if (directory.toFile().mkdir()) {
                return true;
            }
            if (Files.isDirectory(directory)) {
                return false;
            }
            Files.createDirectories(directory);
            return true;
        } catch (IOException e) {
            throw HostFiles.failure("cannot create directory " + directory, e);
        }
    }

    /** Removes a container's log and directory; does nothing if they are gone. */
    public void remove(ContainerKey key) {
        String log = log(key).toString();
        new File(log).delete();
        for (int i = 1; new File(log + "." + i).delete(); i++) {
            continue;
        }
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

    /** Removes the logs and directories of containers that are not known. Files of other names are none of ours. */
    public void removeOthers(Predicate<ContainerKey> known) {
        for (Path top : List.of(logs, files)) {
            for (File namespace : children(top.toFile())) {
                try {
                    NamespaceName name = new NamespaceName(namespace.getName());
                    for (File file : children(namespace)) {
                        removeUnless(known, name, file);
                    }
                } catch (FeluccaException e) {
                    LOG.info("left alone: {} is named for no namespace", namespace);
                }
            }
        }
    }

    private void removeUnless(Predicate<ContainerKey> known, NamespaceName namespace, File file) {
        int suffix = file.getName().indexOf(LOG_SUFFIX);
        if (suffix > 0) {
            String id = file.getName().substring(0, suffix);
            // One by one: a crash during a rotation leaves gaps in the numbers.
            if (!known.test(new ContainerKey(namespace, id)) && !file.delete()) {
                LOG.warn("cannot remove {}, the log of a container that is gone", file);
            }
        } else if (file.isDirectory()) {
            ContainerKey key = new ContainerKey(namespace, file.getName());
            if (!known.test(key)) {
                remove(key);
            }
        }
    }

    private static File[] children(File directory) {
        File[] children = directory.listFiles();
        return children == null ? new File[0] : children;
    }
}
