package org.felucca.images.source;

/** How a file is compressed, by its first bytes. */
enum Magic {
    /** RFC 1952. */
    GZIP,
    /** RFC 8878. */
    ZSTD,
    /** The xz format. */
    XZ,
    /** The bzip2 format. */
    BZIP2,
    /** Anything else, plain tar among it. */
    OTHER;

    static Magic of(byte[] start) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | (i < start.length ? start[i] & 0xff : 0);
        }
        return of(value);
    }

    static Magic of(int bigEndian) {
        if (bigEndian >>> 16 == 0x1f8b) {
            return GZIP;
        } else if (bigEndian == 0x28b52ffd) {
            return ZSTD;
        } else if (bigEndian == 0xfd377a58) {
            return XZ;
        }
        return bigEndian >>> 8 == 0x425a68 ? BZIP2 : OTHER;
    }
}
