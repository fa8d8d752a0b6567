package org.felucca.api.runtime;

import java.time.Instant;
import org.felucca.api.process.ExitStatus;

/**
 * The end of a process.
 *
 * @param status how
 * @param at when; the time of discovery if the status is unknown
 * @param outOfMemory whether the kernel's OOM killer struck in the container
 */
public record TaskExit(ExitStatus status, Instant at, boolean outOfMemory) {}
