package org.felucca.runtime.engine;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.monitor.AppletException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Network namespaces made ahead: the kernel takes longer for one than for all other namespaces of a container together.
 * Each serves one container. Thread-safe.
 */
final class SpareNetworks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpareNetworks.class);
    private static final int KEPT = 2;

    private final Supplier<Fd> maker;
    private final Executor executor;
    private final ArrayDeque<Fd> spare = new ArrayDeque<>();
    private int coming;
    private boolean closed;

    /** @param maker makes one, its loopback device up; runs on the executor */
    SpareNetworks(Supplier<Fd> maker, Executor executor) {
        this.maker = maker;
        this.executor = executor;
    }

    /** Returns one, owned by the caller; empty if none is ready, the container then makes its own. */
    synchronized Optional<Fd> take() {
        return Optional.ofNullable(spare.poll());
    }

    /** Has one made in the background if few are left: to be called when a container is under way. */
    void replenish() {
        synchronized (this) {
            if (closed || coming > 0 || spare.size() >= KEPT) {
                return;
            }
            coming++;
        }
        try {
            executor.execute(this::make);
        } catch (RejectedExecutionException e) {
            LOG.debug("no network namespace is made ahead: the runtime stops");
            arrived(null);
        }
    }

    private void make() {
        Fd made = null;
        try {
            made = maker.get();
        } catch (FeluccaException | AppletException e) {
            // The container that needs one makes it itself, and says what is wrong.
            LOG.debug("no network namespace is made ahead: {}", e.getMessage());
        }
        arrived(made);
    }

    private void arrived(@Nullable Fd made) {
        synchronized (this) {
            coming--;
            if (made == null) {
                return;
            }
            if (!closed) {
                spare.add(made);
                return;
            }
        }
        made.close();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        Fd next;
        while ((next = next()) != null) {
            next.close();
        }
    }

    private synchronized @Nullable Fd next() {
        return spare.poll();
    }
}
