package org.felucca.layers.apply;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.felucca.posix.inflate.ByteSource;

/** Reaches the decoder that hosts without libzstd use. */
public final class JavaUnzstdAccess {

    private JavaUnzstdAccess() {}

    /** Decodes a whole stream. */
    public static byte[] decode(byte[] compressed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
        try (ByteSource decoder = new JavaUnzstd(new BlobSource(new ByteArrayInputStream(compressed)))) {
            while (decoder.read(buffer.clear()) >= 0) {
                byte[] bytes = new byte[buffer.flip().remaining()];
                buffer.get(bytes);
                out.writeBytes(bytes);
            }
        }
        return out.toByteArray();
    }
}
