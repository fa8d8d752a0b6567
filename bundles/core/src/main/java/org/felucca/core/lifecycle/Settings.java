package org.felucca.core.lifecycle;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.felucca.core.ready.Requirement;

/**
 * What the configuration says to the orchestrator.
 *
 * @param root the platform's persistent directory
 * @param state the platform's state directory
 * @param requirements what has to be there before the platform serves
 * @param recoveryGrace how long backends that records refer to are waited for
 * @param logMaxBytes size at which the log of a container is rotated; 0 for never
 * @param logMaxFiles how many log files of a container are kept
 * @param boot tells this boot of the host from others
 */
public record Settings(
        Path root,
        Path state,
        List<Requirement> requirements,
        Duration recoveryGrace,
        long logMaxBytes,
        int logMaxFiles,
        String boot) {
    /** Copies. */
    public Settings {
        requirements = List.copyOf(requirements);
    }
}
