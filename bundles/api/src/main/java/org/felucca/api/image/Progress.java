package org.felucca.api.image;

/**
 * Where long work reports how far it is. Implementations are thread-safe, quick and do not throw; the caller may drop
 * updates of the same item and phase but for the last.
 */
@FunctionalInterface
public interface Progress {
    /** Reports nothing. */
    Progress NONE = update -> {};

    /** Takes an update. */
    void update(Update update);

    /** What is being done to an item. */
    enum Phase {
        /** It is known about and waits. */
        WAITING,
        /** It is read from an archive that is here. */
        IMPORTING,
        /** It is looked up at its source. */
        RESOLVING,
        /** Its bytes arrive. */
        DOWNLOADING,
        /** Its bytes are sent. */
        UPLOADING,
        /** It is written into a snapshot. */
        UNPACKING,
        /** It was there already. */
        EXISTS,
        /** It is done. */
        DONE
    }

    /**
     * How far one item is.
     *
     * @param item what, in words for people: a short digest, a reference
     * @param phase what is being done
     * @param current bytes done
     * @param total bytes in all; 0 if not known
     */
    record Update(String item, Phase phase, long current, long total) {}
}
