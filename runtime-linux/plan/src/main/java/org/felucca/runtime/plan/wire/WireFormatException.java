package org.felucca.runtime.plan.wire;

/** Bytes are no plan or message: cut off, padded wrongly, or left over. */
public final class WireFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason what is wrong, lower case */
    public WireFormatException(String reason) {
        super(reason);
    }
}
