package org.felucca.layers.apply;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.zip.CRC32C;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.layers.manifest.FileDigests;
import org.felucca.layers.tar.TarEntry;
import org.felucca.layers.tar.TarEntry.Extent;
import org.felucca.layers.tar.TarReader;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Xattr;
import org.jspecify.annotations.Nullable;

/**
 * Writes members one after another. A later member of the same path replaces an earlier one; whiteouts reach what is
 * below, never what the layer itself wrote, in whatever order they come. Confined to one thread.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md">image-spec, Image Layer
 *     Filesystem Changeset</a>
 */
final class LayerWriter {

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    /** AUFS's own files, which old layers hold, and everybody passes over. */
    private static final String AUFS = ".wh..wh.";
    /** Labels belong to the host that made them; umoci passes over them too. */
    private static final String SELINUX = "security.selinux";

    private static final int PRIVATE = 0600;

    private final TargetTree tree;
    private final TarReader reader;
    private final long mostEntries;
    private final WriteBack writeBack;
    private final CRC32C checksum = new CRC32C();
    /** Checksums of the files written; null if nobody wants them. */
    private final @Nullable FileDigests digests;

    private long entries;

    LayerWriter(
            TargetTree tree, TarReader reader, long mostEntries, WriteBack writeBack, @Nullable FileDigests digests) {
        this.tree = tree;
        this.reader = reader;
        this.mostEntries = mostEntries;
        this.writeBack = writeBack;
        this.digests = digests;
    }

    /** Writes every member. @return how many there were */
    long run() throws IOException {
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            if (++entries > mostEntries) {
                throw new FeluccaException(
                        ErrorCode.RESOURCE_EXHAUSTED,
                        "cannot apply layer",
                        "it has more than " + mostEntries + " entries",
                        "raise the limit if the image is trusted");
            }
            try {
                write(entry);
            } catch (IllegalArgumentException e) {
                throw invalid(entry, String.valueOf(e.getMessage()), e);
            } catch (PosixException e) {
                throw refused(entry, e);
            }
        }
        try {
            tree.finish();
        } catch (PosixException e) {
            throw new FeluccaException(ErrorCode.INTERNAL, "cannot apply layer", e.getMessage(), null, e);
        }
        return entries;
    }

    private static FeluccaException invalid(TarEntry entry, String reason, @Nullable Throwable cause) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT,
                "cannot apply layer entry " + entry.path(),
                reason,
                "the image is damaged or hostile; do not use it",
                cause);
    }

    private static FeluccaException refused(TarEntry entry, PosixException cause) {
        String subject = "cannot apply layer entry " + entry.path();
        return switch (cause.errno()) {
            case ENOSPC, EDQUOT, EMLINK, EMFILE, ENFILE, ENOMEM, EFBIG ->
                new FeluccaException(
                        ErrorCode.RESOURCE_EXHAUSTED,
                        subject,
                        cause.getMessage(),
                        "free space on the disk of the snapshots",
                        cause);
            case ENAMETOOLONG, ELOOP, ENOTDIR -> invalid(entry, cause.getMessage(), cause);
            case EOPNOTSUPP ->
                new FeluccaException(
                        ErrorCode.UNSUPPORTED,
                        subject,
                        cause.getMessage(),
                        "use another file system for the snapshots",
                        cause);
            default -> new FeluccaException(ErrorCode.INTERNAL, subject, cause.getMessage(), null, cause);
        };
    }

    private void write(TarEntry entry) throws IOException {
        String path = LayerPath.clean(entry.path());
        String name = LayerPath.name(path);
        if (!name.equals(OPAQUE) && (path.startsWith(AUFS) || path.contains("/" + AUFS))) {
            return;
        }
        tree.begin(entry.mtime());
        if (name.startsWith(WHITEOUT)) {
            whiteout(tree.find(LayerPath.parent(path)), name);
            return;
        }
        verify(entry);
        if (path.isEmpty()) {
            if (entry.type() != TarEntry.Type.DIRECTORY) {
                throw new IllegalArgumentException("it would replace the root directory");
            }
            describeDirectory(tree.rootFd(), entry, true);
            tree.described("");
            tree.setTime("", entry.mtime());
            return;
        }
        Directory parent = tree.find(LayerPath.parent(path));
        Fd fd = tree.ensure(parent);
        String real = LayerPath.child(parent.path, name);
        switch (entry.type()) {
            case DIRECTORY -> writeDirectory(entry, parent, fd, name, real);
            case REGULAR -> writeFile(entry, parent, fd, name);
            case HARD_LINK -> writeLink(entry, parent, fd, name, real);
            case SYMLINK -> writeOther(entry, parent, fd, name, () -> Dir.symlink(requireTarget(entry), fd, name));
            case CHARACTER_DEVICE -> writeDevice(entry, parent, fd, name, FileType.CHARACTER_DEVICE);
            case BLOCK_DEVICE -> writeDevice(entry, parent, fd, name, FileType.BLOCK_DEVICE);
            case FIFO ->
                writeOther(entry, parent, fd, name, () -> Dir.mknod(fd, name, FileType.FIFO.modeBits() | PRIVATE, 0));
        }
        if (entry.type() != TarEntry.Type.DIRECTORY) {
            tree.placed(real, entry.type() == TarEntry.Type.SYMLINK || entry.type() == TarEntry.Type.HARD_LINK);
        }
        tree.written(real);
    }

    private static void verify(TarEntry entry) {
        for (String attribute : entry.attributes().keySet()) {
            if (attribute.startsWith("trusted.overlay.") || attribute.startsWith("user.overlay.")) {
                throw new IllegalArgumentException("it has the reserved attribute " + attribute);
            }
        }
        boolean device = entry.type() == TarEntry.Type.CHARACTER_DEVICE || entry.type() == TarEntry.Type.BLOCK_DEVICE;
        if (device && entry.major() == 0 && entry.minor() == 0) {
            throw new IllegalArgumentException("it is a device 0:0, which no layer may have");
        }
    }

    private void whiteout(Directory directory, String name) {
        if (name.equals(OPAQUE)) {
            tree.opaque(directory);
        } else {
            String hidden = name.substring(WHITEOUT.length());
            if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
                throw new IllegalArgumentException("it is a whiteout of nothing");
            }
            tree.whiteout(directory, hidden);
        }
    }

    private void writeDirectory(TarEntry entry, Directory parent, Fd parentFd, String name, String real) {
        boolean reused = false;
        if (!Dir.mkdirIfAbsent(parentFd, name, TargetTree.PRIVATE_DIRECTORY)) {
            reused = tree.makeRoom(parent, name, true);
            if (!reused) {
                Dir.mkdir(parentFd, name, TargetTree.PRIVATE_DIRECTORY);
                tree.replacedByDirectory(parent, name);
            }
        }
        if (!reused) {
            tree.placedDirectory(real);
        }
        try (Fd made = Dir.openDirectory(parentFd, name)) {
            describeDirectory(made, entry, reused);
        }
        tree.described(real);
        tree.setTime(real, entry.mtime());
    }

    private static void describeDirectory(Fd fd, TarEntry entry, boolean reused) {
        if (reused) {
            for (String attribute : Xattr.list(fd)) {
                if (!attribute.startsWith("trusted.overlay.")) {
                    Xattr.remove(fd, attribute);
                }
            }
        }
        describe(fd, entry);
    }

    /** Owner before mode and attributes: a change of owner clears set-id bits and file capabilities. */
    private static void describe(Fd fd, TarEntry entry) {
        Io.chown(fd, entry.uid(), entry.gid());
        for (Map.Entry<String, byte[]> attribute : entry.attributes().entrySet()) {
            if (!attribute.getKey().equals(SELINUX)) {
                Xattr.set(fd, attribute.getKey(), attribute.getValue());
            }
        }
        Io.chmod(fd, entry.permissions());
    }

    private void writeFile(TarEntry entry, Directory parent, Fd parentFd, String name) throws IOException {
        try (Fd file = create(parent, parentFd, name)) {
            if (entry.sparse().isEmpty()) {
                checksum.reset();
                writeData(file, 0, reader.remaining());
                if (digests != null) {
                    digests.put(Io.stat(file).inode(), (int) checksum.getValue());
                }
            } else {
                for (Extent extent : entry.sparse()) {
                    writeData(file, extent.offset(), extent.length());
                }
                Io.truncate(file, entry.size());
            }
            describe(file, entry);
            Io.setTimes(file, entry.atime(), entry.mtime());
        }
    }

    private Fd create(Directory parent, Fd parentFd, String name) {
        int flags = Open.WRONLY | Open.CREAT | Open.EXCL | Open.NOFOLLOW;
        try {
            return Dir.open(parentFd, name, flags, PRIVATE);
        } catch (PosixException e) {
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
            tree.makeRoom(parent, name, false);
            return Dir.open(parentFd, name, flags, PRIVATE);
        }
    }

    private void writeData(Fd file, long offset, long length) throws IOException {
        long at = offset;
        long end = offset + length;
        while (at < end) {
            ByteBuffer data = reader.data(end - at);
            int count = data.remaining();
            if (digests != null) {
                checksum.update(data.duplicate());
            }
            while (data.hasRemaining()) {
                at += Io.write(file, data, at);
            }
            writeBack.wrote(tree.rootFd(), count);
        }
    }

    private static String requireTarget(TarEntry entry) {
        if (entry.link().isEmpty()) {
            throw new IllegalArgumentException("it is a link without a target");
        }
        return entry.link();
    }

    private void writeLink(TarEntry entry, Directory parent, Fd parentFd, String name, String real) {
        String target = LayerPath.clean(requireTarget(entry));
        if (target.isEmpty()) {
            throw new IllegalArgumentException("it links to the root directory");
        }
        Directory from = tree.find(LayerPath.parent(target));
        String fromName = LayerPath.name(target);
        if (LayerPath.child(from.path, fromName).equals(real)) {
            throw new IllegalArgumentException("it links to itself");
        }
        if (tree.statOwn(from, fromName) == null && !tree.bringUp(from, fromName)) {
            throw new IllegalArgumentException("it links to " + entry.link() + ", which is not there");
        }
        Stat there = Dir.stat(tree.fd(from), fromName);
        if (there.isDirectory() || there.isWhiteout()) {
            throw new IllegalArgumentException(
                    "it links to " + entry.link() + ", which is " + (there.isDirectory() ? "a directory" : "deleted"));
        }
        place(parent, parentFd, name, () -> Dir.link(tree.fd(from), fromName, tree.fd(parent), name));
    }

    private void writeDevice(TarEntry entry, Directory parent, Fd fd, String name, FileType type) {
        long device = Stat.device(entry.major(), entry.minor());
        writeOther(entry, parent, fd, name, () -> Dir.mknod(fd, name, type.modeBits() | PRIVATE, device));
    }

    private void writeOther(TarEntry entry, Directory parent, Fd fd, String name, Runnable make) {
        place(parent, fd, name, make);
        Dir.chown(fd, name, entry.uid(), entry.gid());
        for (Map.Entry<String, byte[]> attribute : entry.attributes().entrySet()) {
            if (!attribute.getKey().equals(SELINUX)) {
                Xattr.set(fd, name, attribute.getKey(), attribute.getValue());
            }
        }
        if (entry.type() != TarEntry.Type.SYMLINK) {
            Dir.chmod(fd, name, entry.permissions());
        }
        Dir.setTimes(fd, name, entry.atime(), entry.mtime());
    }

    private void place(Directory parent, Fd fd, String name, Runnable make) {
        try {
            make.run();
        } catch (PosixException e) {
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
            tree.makeRoom(parent, name, false);
            make.run();
        }
    }
}
