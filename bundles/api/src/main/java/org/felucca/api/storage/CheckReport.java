package org.felucca.api.storage;

import java.util.List;

/**
 * What a check came to.
 *
 * @param records number of records checked
 * @param blobs number of blobs checked
 * @param snapshots number of snapshots checked
 * @param bytes bytes of blobs and layers that were compared
 * @param findings what was not as it should be; copied
 */
public record CheckReport(int records, int blobs, int snapshots, long bytes, List<Finding> findings) {
    /** Copies. */
    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** Returns whether all is well now: nothing was found, or all of it was repaired or will be fetched when needed. */
    public boolean clean() {
        return findings.stream()
                .allMatch(finding -> finding.outcome() == Finding.Outcome.REPAIRED
                        || finding.outcome() == Finding.Outcome.FETCHED_WHEN_NEEDED);
    }
}
