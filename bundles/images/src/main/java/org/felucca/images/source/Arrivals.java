package org.felucca.images.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.felucca.api.image.Progress;
import org.felucca.api.image.Progress.Phase;
import org.felucca.api.image.Progress.Update;

/** Reports what has been read of an archive as stored, at most ten times a second. Confined to one thread. */
final class Arrivals extends FilterInputStream {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

    private final Progress progress;
    private final String item;
    private long count;
    private long last = System.nanoTime() - INTERVAL;

    Arrivals(InputStream in, Progress progress, String item) {
        super(in);
        this.progress = progress;
        this.item = item;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        count += Math.max(0, read);
        long now = System.nanoTime();
        if (now - last >= INTERVAL) {
            last = now;
            progress.update(new Update(item, Phase.IMPORTING, count, 0));
        }
        return read;
    }

    /** Reports that the archive was read to its end. */
    void done() {
        progress.update(new Update(item, Phase.DONE, count, count));
    }
}
