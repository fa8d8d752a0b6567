package org.felucca.runtime.engine.task;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.runtime.TaskId;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Tree;
import org.felucca.runtime.engine.cgroup.TaskCgroup;
import org.felucca.runtime.monitor.TaskDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of tasks under the state directory. Nothing is synced: another start of the host means that a task is
 * gone. Thread-safe.
 */
public final class TaskFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TaskFiles.class);
    private static final String CONFIG = "config.json";
    private static final String CGROUPS = "cgroups";
    /** What is there as a rule: removing by name spares reading the directory. */
    private static final List<String> KNOWN = List.of(CONFIG, CGROUPS, "task", "exit", TaskDirectory.SOCKET);

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path tasks;

    /** @param state the platform's state directory */
    public TaskFiles(Path state) {
        this.tasks = state.resolve("tasks");
    }

    /** Returns where a task's directory is, or would be. */
    public Path directory(TaskId id) {
        return tasks.resolve(id.namespace().value()).resolve(id.id());
    }

    /**
     * Makes a task's directory.
     *
     * @throws FeluccaException ALREADY_EXISTS if it is there
     */
    public Path create(TaskId id) {
        Path directory = directory(id);
        try {
            try {
                return Files.createDirectory(directory, PRIVATE);
            } catch (NoSuchFileException e) {
                Files.createDirectories(directory.getParent(), PRIVATE);
                return Files.createDirectory(directory, PRIVATE);
            }
        } catch (FileAlreadyExistsException e) {
            throw new FeluccaException(
                    ErrorCode.ALREADY_EXISTS,
                    "cannot create container " + id.id(),
                    "there is a task of that name",
                    "delete it first",
                    e);
        } catch (IOException e) {
            throw failure("make " + directory, e);
        }
    }

    /** Records what the task was made with. */
    public void write(TaskId id, Spec spec, TaskCgroup cgroup) {
        Path directory = directory(id);
        try {
            Files.write(directory.resolve(CONFIG), spec.toBytes());
            Files.writeString(directory.resolve(CGROUPS), cgroup.toText());
        } catch (IOException e) {
            throw failure("write into " + directory, e);
        }
    }

    /** Returns the task's document; empty if the daemon died before it was written. */
    public Optional<Spec> config(TaskId id) {
        try {
            return Optional.of(Spec.parse(Files.readAllBytes(directory(id).resolve(CONFIG)))
                    .spec());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read the configuration of " + id, e);
        }
    }

    /** Returns the task's cgroups; none if the daemon died before they were written. */
    public TaskCgroup cgroup(TaskId id) {
        try {
            return TaskCgroup.parse(Files.readString(directory(id).resolve(CGROUPS)));
        } catch (NoSuchFileException e) {
            return new TaskCgroup(List.of());
        } catch (IOException e) {
            throw failure("read the cgroups of " + id, e);
        }
    }

    /** Removes the directory; does nothing if it is gone. */
    public void remove(TaskId id) {
        String directory = directory(id).toString();
        try {
            for (String name : KNOWN) {
                unlink(directory + "/" + name);
            }
            try {
                Dir.rmdir(Fd.HOST, directory);
            } catch (PosixException e) {
                if (!e.is(Errno.ENOTEMPTY)) {
                    throw e;
                }
                try (Fd namespace = Dir.open(tasks.resolve(id.namespace().value()))) {
                    Tree.remove(namespace, id.id());
                }
            }
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw new FeluccaException(
                        ErrorCode.INTERNAL,
                        "cannot remove " + directory,
                        e.errno().text(),
                        null,
                        e);
            }
        }
    }

    private static void unlink(String path) {
        try {
            Dir.unlink(Fd.HOST, path);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    /** Returns all tasks that have a directory. */
    public List<TaskId> list() {
        List<TaskId> found = new ArrayList<>();
        for (Path namespace : entries(tasks)) {
            for (Path task : entries(namespace)) {
                try {
                    NamespaceName name =
                            new NamespaceName(namespace.getFileName().toString());
                    found.add(new TaskId(name, task.getFileName().toString()));
                } catch (FeluccaException e) {
                    LOG.warn("{} is no task's directory: {}", task, e.getMessage());
                }
            }
        }
        return found;
    }

    private static List<Path> entries(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    found.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failure("list " + directory, e);
        }
        return found;
    }

    private static FeluccaException failure(String what, IOException e) {
        return new FeluccaException(ErrorCode.INTERNAL, "cannot " + what, String.valueOf(e.getMessage()), null, e);
    }
}
