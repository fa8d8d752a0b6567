package org.felucca.snapshotter.ledger;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.PosixException;

/** What the kernel refuses, in the contract's words. */
final class Failures {

    private Failures() {}

    /** @param subject what could not be done: {@code cannot prepare snapshot web-1} */
    static FeluccaException of(String subject, PosixException cause) {
        return switch (cause.errno()) {
            case ENOSPC, EDQUOT, EMLINK ->
                new FeluccaException(
                        ErrorCode.RESOURCE_EXHAUSTED,
                        subject,
                        cause.getMessage(),
                        "free space on the disk of the snapshots",
                        cause);
            case EMFILE, ENFILE, ENOMEM ->
                new FeluccaException(ErrorCode.RESOURCE_EXHAUSTED, subject, cause.getMessage(), null, cause);
            default -> new FeluccaException(ErrorCode.INTERNAL, subject, cause.getMessage(), null, cause);
        };
    }
}
