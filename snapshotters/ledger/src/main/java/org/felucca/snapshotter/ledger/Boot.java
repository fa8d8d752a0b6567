package org.felucca.snapshotter.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Tells one boot of the host from another. */
final class Boot {
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Boot() {}

    /** The kernel's random id of this boot. */
    static String id() {
        try {
            return Files.readString(ID).trim();
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot keep snapshots",
                    "the id of this boot cannot be read: " + e.getMessage(),
                    "mount /proc",
                    e);
        }
    }
}
