package org.felucca.core.check;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.felucca.api.storage.CheckReport;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.Finding.Outcome;

/** One check on its way: what it is to do, and what it found. Confined to one thread. */
final class Scan {
    private final boolean repair;
    private final boolean contents;
    private final Instant since;
    private final Consumer<? super Finding> progress;
    private final List<Finding> findings = new ArrayList<>();
    private int records;
    private int blobs;
    private int snapshots;
    private long bytes;

    /** @param since what was last changed before is left out of the reading of contents */
    Scan(boolean repair, boolean contents, Instant since, Consumer<? super Finding> progress) {
        this.repair = repair;
        this.contents = contents;
        this.since = since;
        this.progress = progress;
    }

    boolean repair() {
        return repair;
    }

    boolean contents() {
        return contents;
    }

    boolean covers(Instant changed) {
        return !changed.isBefore(since);
    }

    void found(Finding finding) {
        findings.add(finding);
        progress.accept(finding);
    }

    /** What to say of a thing that a repair takes away. */
    Outcome fetched() {
        return repair ? Outcome.FETCHED_WHEN_NEEDED : Outcome.FOUND;
    }

    Outcome repaired() {
        return repair ? Outcome.REPAIRED : Outcome.FOUND;
    }

    void records(int count) {
        records += count;
    }

    void blob(long size) {
        blobs++;
        bytes += size;
    }

    void snapshot() {
        snapshots++;
    }

    CheckReport report() {
        return new CheckReport(records, blobs, snapshots, bytes, findings);
    }
}
