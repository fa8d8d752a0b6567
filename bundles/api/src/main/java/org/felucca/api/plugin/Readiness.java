package org.felucca.api.plugin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Whether the platform can serve: the roles that the configuration requires are filled, and every backend that records
 * refer to has recovered its containers (or had its grace). Fronts ask before they serve; others wait for the DS
 * condition {@link #CONDITION}. Core implements it. Thread-safe.
 */
@ProviderType
public interface Readiness {
    /** The {@code osgi.condition.id} of the condition that is registered while the platform is ready. */
    String CONDITION = "felucca.ready";

    /** Returns {@code true} if nothing is waited for. */
    default boolean ready() {
        return waitingFor().isEmpty();
    }

    /**
     * Returns what is waited for, in words for people: {@code runtime=linux}, {@code recovery of runtime=linux}; empty
     * when ready. A front answers {@code starting: waiting for} and this list, joined by commas.
     */
    List<String> waitingFor();

    /** Returns when the platform became ready for the first time since the daemon started, if it did. */
    Optional<Instant> readySince();

    /** Completes when the platform is ready, at once if it is; on an executor of the platform. */
    CompletionStage<Void> whenReady();
}
