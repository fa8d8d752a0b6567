package org.felucca.posix.fs;

/** What a directory entry is. */
public enum FileType {
    FIFO(0x1),
    CHARACTER_DEVICE(0x2),
    DIRECTORY(0x4),
    BLOCK_DEVICE(0x6),
    REGULAR(0x8),
    SYMLINK(0xA),
    SOCKET(0xC),
    /** A directory entry whose file system does not tell; {@link Dir#stat} does. */
    UNKNOWN(0x0);

    private static final FileType[] BY_NIBBLE = new FileType[16];

    static {
        java.util.Arrays.fill(BY_NIBBLE, UNKNOWN);
        for (FileType type : values()) {
            BY_NIBBLE[type.nibble] = type;
        }
    }

    private final int nibble;

    FileType(int nibble) {
        this.nibble = nibble;
    }

    /** The type bits of {@code st_mode}. */
    public int modeBits() {
        return nibble << 12;
    }

    static FileType ofMode(int mode) {
        return BY_NIBBLE[mode >>> 12 & 0xF];
    }

    static FileType ofEntry(int dType) {
        return dType < BY_NIBBLE.length ? BY_NIBBLE[dType] : UNKNOWN;
    }
}
