package org.felucca.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A disk that forgets what was not synced. Keeps a log of what was done to names, and what of it and of each file's
 * bytes was brought to the disk; {@link #after} makes the directory that a power cut would have left: of the names, any
 * prefix of what was not synced; of a file, its synced bytes, and beyond them none, some, or zeros. Confined to one
 * thread.
 */
final class LossyOperations implements FileOperations {
    /** The power is gone. */
    static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A file whatever its name. */
    private static final class Inode {
        private Path path;
        private byte[] synced = new byte[0];
        private byte[] last = new byte[0];

        Inode(Path path) {
            this.path = path;
        }

        byte[] current() throws IOException {
            return Files.exists(path) ? Files.readAllBytes(path) : last;
        }
    }

    /** Something done to a name. @param to null if it went @param from null if it is new */
    private record Change(@Nullable Path from, @Nullable Path to, Inode inode) {
        boolean touches(Path directory) {
            return (from != null && directory.equals(from.getParent()))
                    || (to != null && directory.equals(to.getParent()));
        }

        void apply(Map<Path, Inode> names) {
            if (from != null) {
                names.remove(from);
            }
            if (to != null) {
                names.put(to, inode);
            }
        }
    }

    private final Map<FileChannel, Inode> channels = new IdentityHashMap<>();
    private final Map<Path, Inode> names = new HashMap<>();
    private final Map<Path, Inode> durable = new HashMap<>();
    private final List<Change> pending = new ArrayList<>();
    private int stepsLeft = Integer.MAX_VALUE;

    /** Cuts the power before the step after so many. */
    void cutAfter(int steps) {
        stepsLeft = steps;
    }

    private void step() {
        if (stepsLeft-- <= 0) {
            throw new PowerCut();
        }
    }

    private void change(Change change) {
        change.apply(names);
        pending.add(change);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        step();
        FileOperations.super.createDirectory(directory);
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        step();
        FileChannel channel = FileOperations.super.open(file, options);
        Inode inode = names.get(file);
        if (inode == null) {
            inode = new Inode(file);
            change(new Change(null, file, inode));
        }
        channels.put(channel, inode);
        return channel;
    }

    @Override
    public void write(FileChannel channel, ByteBuffer source, long position) throws IOException {
        step();
        FileOperations.super.write(channel, source, position);
    }

    @Override
    public void truncate(FileChannel channel, long size) throws IOException {
        step();
        FileOperations.super.truncate(channel, size);
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        step();
        Inode inode = channels.get(channel);
        inode.synced = inode.current();
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        FileOperations.super.rename(from, to);
        Inode inode = names.get(from);
        inode.path = to;
        change(new Change(from, to, inode));
    }

    @Override
    public void forceDirectory(Path directory) {
        step();
        for (Change change : List.copyOf(pending)) {
            if (change.touches(directory)) {
                change.apply(durable);
                pending.remove(change);
            }
        }
    }

    @Override
    public boolean delete(Path path) throws IOException {
        step();
        Inode inode = names.get(path);
        if (inode != null) {
            inode.last = inode.current();
            change(new Change(path, null, inode));
        }
        return FileOperations.super.delete(path);
    }

    /** Makes what is left of {@code root} after the cut. */
    void after(Path root, Path left, Random random) throws IOException {
        Map<Path, Inode> survivors = new HashMap<>(durable);
        int kept = random.nextInt(pending.size() + 1);
        for (Change change : pending.subList(0, kept)) {
            change.apply(survivors);
        }
        for (Map.Entry<Path, Inode> survivor : survivors.entrySet()) {
            Path path = left.resolve(root.relativize(survivor.getKey()).toString());
            Files.createDirectories(path.getParent());
            Files.write(path, bytes(survivor.getValue(), random));
        }
        for (FileChannel channel : channels.keySet()) {
            channel.close();
        }
    }

    private static byte[] bytes(Inode inode, Random random) throws IOException {
        byte[] written = inode.current();
        int safe = Math.min(inode.synced.length, written.length);
        int length = safe + random.nextInt(written.length - safe + 1);
        byte[] left = switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(written, safe);
            case 1 -> Arrays.copyOf(written, length);
            default -> Arrays.copyOf(Arrays.copyOf(written, length), written.length);
        };
        System.arraycopy(inode.synced, 0, left, 0, safe);
        return left;
    }
}
