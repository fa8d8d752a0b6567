package org.felucca.layers.tar;

import java.io.IOException;

/** The archive is damaged, truncated, or no tar. */
public final class TarFormatException extends IOException {

    private static final long serialVersionUID = 1;

    private final long offset;

    /**
     * @param offset of the header or datum, in bytes of the uncompressed archive
     * @param reason lower case, without full stop
     */
    public TarFormatException(long offset, String reason) {
        super(reason + " at byte " + offset + " of the archive");
        this.offset = offset;
    }

    public long offset() {
        return offset;
    }
}
