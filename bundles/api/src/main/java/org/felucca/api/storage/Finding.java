package org.felucca.api.storage;

import java.util.List;

/**
 * Something that is not as it should be.
 *
 * @param part what it concerns
 * @param subject which one: a digest, a snapshot, the name of an image or container
 * @param problem what is wrong, for people
 * @param outcome what became of it
 * @param users names of the images and containers that use it; copied
 */
public record Finding(Part part, String subject, String problem, Outcome outcome, List<String> users) {
    /** What a finding can concern. Append-only. */
    public enum Part {
        /** The database of records, or the copies of its records on disk. */
        RECORDS,
        /** A blob in a content store. */
        BLOB,
        /** A transfer that was broken off. */
        INGEST,
        /** The files of a committed snapshot. */
        LAYER,
        /** A snapshot as recorded. */
        SNAPSHOT,
        /** An image. */
        IMAGE,
        /** A container. */
        CONTAINER
    }

    /** What became of it. Append-only. */
    public enum Outcome {
        /** Nothing was done: no repair was asked for. */
        FOUND,
        /** It is as it should be. */
        REPAIRED,
        /** The damaged part is out of use; the next pull or run of the image fetches it again. */
        FETCHED_WHEN_NEEDED,
        /** The platform cannot repair it; {@code problem} says what to do. */
        LEFT
    }

    /** Copies. */
    public Finding {
        users = List.copyOf(users);
    }

    /** Returns a finding that concerns no image or container by name. */
    public static Finding of(Part part, String subject, String problem, Outcome outcome) {
        return new Finding(part, subject, problem, outcome, List.of());
    }
}
