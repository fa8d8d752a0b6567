package org.felucca.api.content;

import java.time.Instant;

/**
 * An ingest that is under way or was left by a crash.
 *
 * @param ref its name
 * @param offset bytes received
 * @param updated when the last bytes arrived
 */
public record IngestInfo(IngestRef ref, long offset, Instant updated) {}
