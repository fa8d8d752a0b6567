package org.felucca.tck.tree;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Xattr;

/**
 * One line for each file of a tree, in the order of their paths: type, permissions, owner, size, time, device, link
 * target, hard links, extended attributes, SHA-256. Two trees are alike exactly when their listings are equal.
 *
 * <pre>
 * /bin/su regular 4755 0:0 size=71912 mtime=1700000000.000000000 links=/bin/su sha256=… user.x=6162
 * </pre>
 *
 * {@code links} names the first of a file's names, where it has several. Attributes of overlayfs ({@code
 * trusted.overlay.*}) are left out: they are its storage, not content.
 */
public final class TreeListing {

    /** What a listing leaves out. */
    public enum Without {
        /** Times of directories, for trees that were changed after they were unpacked. */
        DIRECTORY_TIMES,
        /** The line of the root directory itself. */
        ROOT
    }

    private static final int BUFFER = 1 << 16;

    private final Set<Without> without;
    private final Map<Long, String> firstNames = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    private TreeListing(Set<Without> without) {
        this.without = without;
    }

    /** Lists the tree at a path. */
    public static List<String> of(Path root, Without... without) {
        try (Fd directory = Dir.open(root)) {
            return of(directory, without);
        }
    }

    /** Lists the tree whose root directory is open, be it for its place only. */
    public static List<String> of(Fd root, Without... without) {
        Set<Without> set = EnumSet.noneOf(Without.class);
        set.addAll(List.of(without));
        TreeListing listing = new TreeListing(set);
        try (Fd directory = Dir.openDirectory(root, ".")) {
            if (!set.contains(Without.ROOT)) {
                listing.line(directory, ".", "/", Io.stat(directory));
            }
            listing.entries(directory, "/");
        }
        return listing.lines;
    }

    private void entries(Fd directory, String path) {
        TreeSet<String> names = new TreeSet<>();
        Listing.of(directory).forEach(entry -> names.add(entry.name()));
        for (String name : names) {
            Stat stat = Dir.stat(directory, name);
            line(directory, name, path + name, stat);
            if (stat.isDirectory()) {
                try (Fd below = Dir.openDirectory(directory, name)) {
                    entries(below, path + name + "/");
                }
            }
        }
    }

    private void line(Fd directory, String name, String path, Stat stat) {
        StringBuilder line = new StringBuilder(path)
                .append(' ')
                .append(stat.type().name().toLowerCase(java.util.Locale.ROOT))
                .append(' ')
                .append(Integer.toOctalString(stat.permissions()))
                .append(' ')
                .append(stat.uid())
                .append(':')
                .append(stat.gid());
        if (stat.isRegular()) {
            line.append(" size=").append(stat.size());
        }
        if (!stat.isDirectory() || !without.contains(Without.DIRECTORY_TIMES)) {
            line.append(String.format(
                    " mtime=%d.%09d",
                    stat.mtime().getEpochSecond(), stat.mtime().getNano()));
        }
        if (stat.rdev() != 0) {
            line.append(" device=").append(stat.major()).append(':').append(stat.minor());
        }
        if (stat.isSymlink()) {
            line.append(" -> ").append(Dir.readlink(directory, name));
        }
        if (!stat.isDirectory() && stat.links() > 1) {
            String first = firstNames.putIfAbsent(stat.inode(), path);
            line.append(" links=").append(first == null ? path : first);
        }
        if (stat.isRegular()) {
            line.append(" sha256=").append(digest(directory, name));
        }
        TreeMap<String, String> attributes = new TreeMap<>();
        for (String attribute : Xattr.list(directory, name)) {
            if (!attribute.startsWith("trusted.overlay.")) {
                Xattr.get(directory, name, attribute)
                        .ifPresent(value ->
                                attributes.put(attribute, HexFormat.of().formatHex(value)));
            }
        }
        attributes.forEach((attribute, value) ->
                line.append(' ').append(attribute).append('=').append(value));
        lines.add(line.toString());
    }

    private String digest(Fd directory, String name) {
        try (Fd file = Dir.open(directory, name, Open.RDONLY | Open.NOFOLLOW, 0)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            buffer.clear();
            while (Io.read(file, buffer) > 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
