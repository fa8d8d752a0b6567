package org.felucca.runtime.engine.cgroup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;

/** Files of cgroup directories: one write is one command, one read one answer. */
final class CgroupFiles {
    private static final int CHUNK = 4096;
    private static final int MOST = 1 << 22;

    private CgroupFiles() {}

    static void write(String directory, String file, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        try (Fd fd = Dir.open(Fd.HOST, directory + "/" + file, Open.WRONLY, 0)) {
            ByteBuffer buffer =
                    ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            Io.write(fd, buffer);
        }
    }

    /** Empty if there is no such file, or the cgroup is gone. */
    static Optional<String> read(String directory, String file) {
        try (Fd fd = Dir.open(Fd.HOST, directory + "/" + file, Open.RDONLY, 0)) {
            StringBuilder text = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
            while (text.length() < MOST && Io.read(fd, buffer.clear()) > 0) {
                text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
            }
            return Optional.of(text.toString().strip());
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.ENODEV) || e.is(Errno.EOPNOTSUPP)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The pids in the cgroup and those below it. */
    static List<Integer> processes(String directory) {
        List<Integer> pids = new ArrayList<>();
        read(directory, "cgroup.procs").ifPresent(text -> {
            for (String line : text.split("\n")) {
                if (!line.isBlank()) {
                    pids.add(Integer.parseInt(line.strip()));
                }
            }
        });
        for (String child : children(directory)) {
            pids.addAll(processes(directory + "/" + child));
        }
        return pids;
    }

    /** Names of the cgroups directly below; none if it is gone. */
    static List<String> children(String directory) {
        try (Fd fd = Dir.open(Fd.HOST, directory, Open.RDONLY | Open.DIRECTORY, 0)) {
            List<String> names = new ArrayList<>();
            for (Listing.Entry entry : Listing.of(fd)) {
                if (entry.type() == FileType.DIRECTORY) {
                    names.add(entry.name());
                }
            }
            return names;
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return List.of();
            }
            throw e;
        }
    }

    /** Removes the cgroups below and the cgroup itself; what is gone is fine. @throws PosixException EBUSY if one is in use */
    static void remove(String directory) {
        try {
            Dir.rmdir(Fd.HOST, directory);
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return;
            }
            List<String> children = e.is(Errno.EBUSY) ? children(directory) : List.of();
            if (children.isEmpty()) {
                throw e;
            }
            children.forEach(child -> remove(directory + "/" + child));
            remove(directory);
        }
    }
}
