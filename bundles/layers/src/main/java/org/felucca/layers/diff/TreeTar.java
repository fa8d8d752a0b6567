package org.felucca.layers.diff;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.layers.diff.Comparison.Change;
import org.felucca.layers.diff.Comparison.InodeKey;
import org.felucca.layers.diff.Comparison.Interruption;
import org.felucca.layers.diff.TreeView.Node;
import org.felucca.layers.tar.TarEntry;
import org.felucca.layers.tar.TarEntry.Type;
import org.felucca.layers.tar.TarOutput;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Stat;

/** Writes files of a tree into a tar; the first of a file's names holds it, the others are links. One thread. */
final class TreeTar {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String ROOT = "./";
    private static final int BUFFER = 256 << 10;

    private final String subject;
    private final TarOutput tar;
    private final Interruption interruption;
    private final Map<InodeKey, String> firstNames = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final byte[] bytes = new byte[BUFFER];
    private long entries;

    TreeTar(String subject, OutputStream out, Interruption interruption) {
        this.subject = subject;
        this.tar = new TarOutput(out);
        this.interruption = interruption;
    }

    /** Writes what differs as a layer. @return the number of entries */
    long layer(List<Change> changes) throws IOException {
        for (Change change : changes) {
            interruption.check();
            Node node = change.node();
            if (node == null) {
                if (!change.covered()) {
                    mark(beside(change.path(), WHITEOUT));
                }
                continue;
            }
            requireRepresentable(node);
            write(node);
            if (change.opaque()) {
                mark(node.path() + "/" + OPAQUE);
            }
        }
        tar.finish();
        return entries;
    }

    /** Writes a whole tree but for its root. @return the number of entries */
    long tree(TreeView view) throws IOException {
        if (view.root().isPresent()) {
            below(view, view.root().get());
        }
        tar.finish();
        return entries;
    }

    private void below(TreeView view, Node directory) throws IOException {
        for (Node child : view.children(directory)) {
            interruption.check();
            write(child);
            if (child.isDirectory()) {
                below(view, child);
            }
        }
    }

    private static String beside(String path, String prefix) {
        int slash = path.lastIndexOf('/') + 1;
        return path.substring(0, slash) + prefix + path.substring(slash);
    }

    private void mark(String path) throws IOException {
        begin(new TarEntry(
                path, Type.REGULAR, 0, 0, 0, 0, Instant.EPOCH, Instant.EPOCH, "", 0, 0, Map.of(), List.of()));
    }

    private void requireRepresentable(Node node) {
        if (node.name().startsWith(WHITEOUT)) {
            throw impossible(node, "a layer would take its name for a mark of removal");
        }
        if (node.stat().isWhiteout()) {
            throw impossible(node, "it is a device 0:0, which no layer can have");
        }
    }

    private FeluccaException impossible(Node node, String why) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION,
                subject,
                "/" + node.path() + " cannot be in a layer: " + why,
                "remove it from the container");
    }

    private void write(Node node) throws IOException {
        if (Comparison.isLinked(node)) {
            InodeKey key = new InodeKey(node.stat().device(), node.stat().inode());
            String first = firstNames.putIfAbsent(key, node.path());
            if (first != null) {
                begin(entry(node.path(), Type.HARD_LINK, node.stat(), 0, first, Map.of()));
                return;
            }
        }
        try (Fd directory = TreeView.open(node.layer(), node.parent())) {
            write(node, directory, node.path().isEmpty() ? "." : node.name());
        } catch (PosixException e) {
            TreeView.requireGone(e);
        }
    }

    private void write(Node node, Fd directory, String name) throws IOException {
        Stat stat = node.stat();
        switch (stat.type()) {
            case REGULAR -> regular(node.path(), directory, name);
            case DIRECTORY ->
                begin(entry(
                        node.path().isEmpty() ? ROOT : node.path(),
                        Type.DIRECTORY,
                        stat,
                        0,
                        "",
                        Attributes.of(directory, name)));
            case SYMLINK -> {
                String target = Dir.readlink(directory, name);
                begin(entry(node.path(), Type.SYMLINK, stat, 0, target, Attributes.of(directory, name)));
            }
            case CHARACTER_DEVICE -> special(node, Type.CHARACTER_DEVICE, directory, name);
            case BLOCK_DEVICE -> special(node, Type.BLOCK_DEVICE, directory, name);
            case FIFO -> special(node, Type.FIFO, directory, name);
            case SOCKET, UNKNOWN -> {
                // A socket is nothing without the process that listens.
            }
        }
    }

    private void special(Node node, Type type, Fd directory, String name) throws IOException {
        begin(entry(node.path(), type, node.stat(), 0, "", Attributes.of(directory, name)));
    }

    private void regular(String path, Fd directory, String name) throws IOException {
        try (Fd file = Dir.open(directory, name, Open.RDONLY | Open.NOFOLLOW | Open.NONBLOCK, 0)) {
            Stat stat = Io.stat(file);
            if (!stat.isRegular()) {
                return; // it was replaced meanwhile
            }
            begin(entry(path, Type.REGULAR, stat, stat.size(), "", Attributes.of(directory, name)));
            content(file, stat.size());
        }
    }

    /** As many bytes as the file had when it was opened: what it grew by is left out, what it lost is zeros. */
    private void content(Fd file, long size) throws IOException {
        long left = size;
        while (left > 0) {
            interruption.check();
            buffer.clear().limit((int) Math.min(BUFFER, left));
            int count = Io.read(file, buffer, size - left);
            if (count <= 0) {
                break;
            }
            buffer.flip().get(bytes, 0, count);
            tar.content(bytes, 0, count);
            left -= count;
        }
        if (left > 0) {
            Arrays.fill(bytes, (byte) 0);
        }
        while (left > 0) {
            int count = (int) Math.min(BUFFER, left);
            tar.content(bytes, 0, count);
            left -= count;
        }
    }

    private static TarEntry entry(
            String path, Type type, Stat stat, long size, String link, Map<String, byte[]> attributes) {
        return new TarEntry(
                path,
                type,
                stat.permissions(),
                stat.uid(),
                stat.gid(),
                size,
                stat.mtime(),
                stat.mtime(),
                link,
                stat.major(),
                stat.minor(),
                attributes,
                List.of());
    }

    private void begin(TarEntry entry) throws IOException {
        tar.begin(entry);
        entries++;
    }
}
