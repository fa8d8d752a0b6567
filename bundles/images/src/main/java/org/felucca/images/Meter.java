package org.felucca.images;

import java.util.concurrent.TimeUnit;
import org.felucca.api.image.Progress;
import org.felucca.api.image.Progress.Phase;
import org.felucca.api.image.Progress.Update;

/**
 * Reports one item to a progress sink, at most ten times a second but for changes of phase. Thread-safe: download and
 * unpacking report the same layer, and what is finished stays finished.
 */
final class Meter {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

    private final Progress progress;
    private final String item;
    private final long total;
    private Phase phase = Phase.WAITING;
    private long last;
    private volatile boolean arriving;

    Meter(Progress progress, String item, long total) {
        this.progress = progress;
        this.item = item;
        this.total = total;
        progress.update(new Update(item, Phase.WAITING, 0, total));
    }

    /** Reports a phase and how far it is; a phase that comes before the present one is not reported any more. */
    synchronized void report(Phase now, long current) {
        if (now.ordinal() < phase.ordinal()) {
            return;
        }
        long time = System.nanoTime();
        if (now == phase && time - last < INTERVAL) {
            return;
        }
        phase = now;
        last = time;
        progress.update(new Update(item, now, current, total));
    }

    /** Reports bytes that arrived; they count as unpacked from when all have. */
    void downloaded(long current) {
        report(Phase.DOWNLOADING, current);
        if (current == total) {
            arriving = false;
        }
    }

    /** Announces that the bytes have yet to arrive. */
    void expectBytes() {
        arriving = true;
    }

    /** Reports bytes that were unpacked, once nothing has to arrive any more. */
    void unpacked(long current) {
        if (!arriving) {
            report(Phase.UNPACKING, current);
        }
    }
}
