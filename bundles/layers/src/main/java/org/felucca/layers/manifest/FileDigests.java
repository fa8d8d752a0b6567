package org.felucca.layers.manifest;

import java.util.OptionalInt;

/**
 * Checksums of files by inode, as they were written. An open table of primitives: a layer may have a million files.
 * Confined to one thread.
 */
public final class FileDigests {
    private static final int FIRST_CAPACITY = 1 << 10;

    /** Inodes; 0 is none. */
    private long[] inodes = new long[FIRST_CAPACITY];

    private int[] checksums = new int[FIRST_CAPACITY];
    private int size;

    /** Remembers a checksum; an inode that was freed and used again has the later one. */
    public void put(long inode, int checksum) {
        if (size * 2 >= inodes.length) {
            grow();
        }
        int slot = slot(inodes, inode);
        if (inodes[slot] == 0) {
            size++;
        }
        inodes[slot] = inode;
        checksums[slot] = checksum;
    }

    OptionalInt get(long inode) {
        int slot = slot(inodes, inode);
        return inodes[slot] == inode ? OptionalInt.of(checksums[slot]) : OptionalInt.empty();
    }

    private static int slot(long[] table, long inode) {
        int mask = table.length - 1;
        int slot = Long.hashCode(inode * 0x9E3779B97F4A7C15L) & mask;
        while (table[slot] != 0 && table[slot] != inode) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldInodes = inodes;
        int[] oldChecksums = checksums;
        inodes = new long[oldInodes.length * 2];
        checksums = new int[inodes.length];
        for (int i = 0; i < oldInodes.length; i++) {
            if (oldInodes[i] != 0) {
                int slot = slot(inodes, oldInodes[i]);
                inodes[slot] = oldInodes[i];
                checksums[slot] = oldChecksums[i];
            }
        }
    }
}
