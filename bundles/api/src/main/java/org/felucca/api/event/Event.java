package org.felucca.api.event;

import java.time.Instant;
import java.util.Map;
import org.felucca.api.metadata.NamespaceName;

/**
 * Something that happened.
 *
 * @param sequence grows by one with each event since the daemon started
 * @param time when
 * @param namespace the tenant it belongs to
 * @param topic what happened to what kind of thing: {@code container/start}, {@code image/pull}
 * @param subject the id of the thing
 * @param attributes details; copied
 */
public record Event(
        long sequence,
        Instant time,
        NamespaceName namespace,
        String topic,
        String subject,
        Map<String, String> attributes) {
    /** Copies. */
    public Event {
        attributes = Map.copyOf(attributes);
    }
}
