package org.felucca.layers.manifest;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;

/** Reads whole files for their checksum. Confined to one thread. */
final class FileReader {
    private static final int BUFFER = 1 << 18;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final CRC32C checksum = new CRC32C();

    int checksum(Fd directory, String name) {
        checksum.reset();
        try (Fd file = Dir.open(directory, name, Open.RDONLY | Open.NOFOLLOW, 0)) {
            int count = Io.read(file, buffer.clear());
            while (count > 0) {
                checksum.update(buffer.flip());
                count = Io.read(file, buffer.clear());
            }
        }
        return (int) checksum.getValue();
    }
}
