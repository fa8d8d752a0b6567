package org.felucca.core.ready;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Readiness;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ready when the records are loaded, every requirement is met and every backend that records refer to has recovered, or
 * had its grace. {@link #check()} is called whenever one of these may have changed. Thread-safe.
 */
public final class ReadyState implements Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyState.class);

    private final Providers providers;
    private final List<Requirement> requirements;
    private final Supplier<Set<String>> unrecovered;
    private final Consumer<Boolean> change;
    private final Clock clock;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private volatile @Nullable Instant since;
    private volatile boolean loaded;
    private volatile boolean graceOver;
    private boolean announced;

    /**
     * Makes a state that waits for the records.
     *
     * @param requirements what the configuration asks for
     * @param unrecovered ids of backends whose containers were not recovered yet
     * @param change told {@code true} when the platform becomes ready and {@code false} when it no longer is; calls are
     *     in order
     */
    public ReadyState(
            Providers providers,
            List<Requirement> requirements,
            Supplier<Set<String>> unrecovered,
            Consumer<Boolean> change,
            Clock clock) {
        this.providers = providers;
        this.requirements = List.copyOf(requirements);
        this.unrecovered = unrecovered;
        this.change = change;
        this.clock = clock;
    }

    /** The records are loaded. */
    public void loaded() {
        loaded = true;
        check();
    }

    /** Backends that did not come by now are not waited for any more. */
    public void graceOver() {
        graceOver = true;
        if (loaded && !unrecovered.get().isEmpty()) {
            LOG.warn("containers of {} are not recovered: their backends did not come in time", unrecovered.get());
        }
        check();
    }

    /** Looks again. */
    public synchronized void check() {
        boolean ready = waitingFor().isEmpty();
        if (ready == announced) {
            return;
        }
        announced = ready;
        if (ready && since == null) {
            since = clock.instant();
        }
        change.accept(ready);
        if (ready) {
            first.complete(null);
        }
    }

    @Override
    public List<String> waitingFor() {
        List<String> result = new ArrayList<>();
        if (!loaded) {
            result.add("records");
        }
        for (Requirement requirement : requirements) {
            if (!requirement.met(providers)) {
                result.add(requirement.toString());
            }
        }
        if (loaded && !graceOver) {
            unrecovered.get().forEach(id -> result.add("recovery of runtime=" + id));
        }
        return result;
    }

    @Override
    public Optional<Instant> readySince() {
        return Optional.ofNullable(since);
    }

    @Override
    public CompletionStage<Void> whenReady() {
        return first.copy();
    }
}
