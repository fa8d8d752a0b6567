package org.felucca.layers.tar;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One member of an archive.
 *
 * @param path as the archive says, neither cleaned nor checked
 * @param type what it is
 * @param permissions {@code mode & 07777}
 * @param uid owner
 * @param gid group
 * @param size bytes of the file, holes included; 0 for what has no content
 * @param mtime last change
 * @param atime last access; as {@code mtime} where the archive does not say
 * @param link target of a link, as the archive says
 * @param major of a device
 * @param minor of a device
 * @param attributes extended attributes; treat the values as immutable
 * @param sparse where the data lie, in order; empty if the file is written as a whole
 */
public record TarEntry(
        String path,
        Type type,
        int permissions,
        int uid,
        int gid,
        long size,
        Instant mtime,
        Instant atime,
        String link,
        int major,
        int minor,
        Map<String, byte[]> attributes,
        List<Extent> sparse) {

    /** What a member can be. */
    public enum Type {
        REGULAR,
        HARD_LINK,
        SYMLINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        DIRECTORY,
        FIFO
    }

    /**
     * A piece of a sparse file.
     *
     * @param offset where it lies in the file
     * @param length how long it is; may be 0
     */
    public record Extent(long offset, long length) {}
}
