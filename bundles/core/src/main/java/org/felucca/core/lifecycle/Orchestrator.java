package org.felucca.core.lifecycle;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Events;
import org.felucca.api.image.ImageService;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Providers.ProviderListener;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.api.storage.CheckReport;
import org.felucca.core.check.CleanMark;
import org.felucca.core.check.StorageCheck;
import org.felucca.core.check.StorageUsage;
import org.felucca.core.compose.Composer;
import org.felucca.core.gc.GarbageCollector;
import org.felucca.core.lease.LeaseBook;
import org.felucca.core.lease.Pins;
import org.felucca.core.ready.ReadyState;
import org.felucca.core.record.Entry;
import org.felucca.core.record.Records;
import org.felucca.core.record.Table;
import org.felucca.core.recover.Recovery;
import org.felucca.core.spec.HostFiles;
import org.felucca.core.spec.LinuxSpec;
import org.felucca.core.supervise.Directories;
import org.felucca.core.supervise.Removal;
import org.felucca.core.supervise.Supervisor;
import org.felucca.oci.platform.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that belongs together, put together: the parts behind the public services, and what happens at the start
 * and when providers come and go. Thread-safe.
 */
public final class Orchestrator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Orchestrator.class);

    private final Providers providers;
    private final Events events;
    private final Settings settings;
    private final Executor executor;
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final Table table = new Table();
    private final Records records;
    private final Directories directories;
    private final LinuxSpec specs = new LinuxSpec();
    private final GarbageCollector collector;
    private final Removal removal;
    private final Supervisor supervisor;
    private final Recovery recovery;
    private final ReadyState ready;
    private final Composer composer;
    private final Lifecycle lifecycle;
    private final Commits commits;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicBoolean swept = new AtomicBoolean();
    private final StorageCheck check;
    private final StorageUsage usage;
    private final CleanMark mark;
    /** Since when everything is to be verified; set by the start. */
    private volatile Optional<Instant> unverified = Optional.empty();

    private final Clock clock;

    /**
     * Puts the parts together; nothing happens before {@link #start()}.
     *
     * @param leases what is under way; its pins are those that collections obey
     * @param images returns the image service, or throws UNAVAILABLE
     * @param executor where ends of containers, recovery and collections run
     * @param change told when the platform becomes ready, and when it no longer is
     */
    public Orchestrator(
            MetadataStore store,
            LeaseBook leases,
            Providers providers,
            Events events,
            Supplier<ImageService> images,
            Settings settings,
            Executor executor,
            Clock clock,
            Consumer<Boolean> change) {
        this.providers = providers;
        this.events = events;
        this.settings = settings;
        this.executor = executor;
        this.clock = clock;
        Pins pins = leases.pins();
        check = new StorageCheck(store, providers, images, clock);
        usage = new StorageUsage(store, providers, pins, table, clock);
        mark = new CleanMark(settings.root(), settings.boot(), clock.instant());
        records = new Records(store, clock);
        directories = new Directories(settings.root(), settings.state());
        collector = new GarbageCollector(store, providers, pins, clock, executor);
        removal = new Removal(providers, records, table, directories, events);
        supervisor = new Supervisor(records, removal, events, executor, clock, this::removed);
        recovery = new Recovery(table, records, supervisor, directories);
        ready = new ReadyState(providers, settings.requirements(), recovery::outstanding, change, clock);
        composer = new Composer(providers, Platform.host());
        commits = new Commits(images, composer);
        lifecycle = new Lifecycle(
                composer,
                new ImageStep(images),
                providers,
                records,
                table,
                pins,
                specs,
                new HostFiles(),
                directories,
                removal,
                supervisor,
                events,
                clock,
                new Lifecycle.LogLimits(settings.logMaxBytes(), settings.logMaxFiles()),
                executor);
    }

    /** Loads the records, then recovers whatever backend is live or comes. Returns at once. */
    public void start() {
        unverified = mark.begin();
        executor.execute(this::load);
        CompletableFuture.delayedExecutor(settings.recoveryGrace().toMillis(), TimeUnit.MILLISECONDS, executor)
                .execute(() -> {
                    ready.graceOver();
                    sweepOnce();
                });
    }

    private void load() {
        try {
            recovery.load();
        } catch (FeluccaException e) {
            LOG.error("containers were not loaded: {}", e.getMessage());
            loaded.completeExceptionally(e);
            return;
        }
        loaded.complete(null);
        ready.loaded();
        watch(Role.RUNTIME, recovery::arrived, recovery::departed);
        watch(Role.SNAPSHOTTER, this::snapshotterArrived, id -> {});
        for (Role<?> role : Role.all()) {
            if (role != Role.RUNTIME && role != Role.SNAPSHOTTER) {
                watch(role, provider -> {}, id -> {});
            }
        }
        keep(events.subscribe(
                event -> event.topic().startsWith("image/"),
                0,
                event -> {
                    lifecycle.spares().drop();
                    collector.request();
                },
                () -> LOG.warn("images are changed faster than garbage is collected")));
    }

    /** A snapshotter that was away may hold what was removed meanwhile. */
    private void snapshotterArrived(Provider<Snapshotter> provider) {
        recovery.snapshotterArrived(provider.id());
        if (swept.get()) {
            collector.request();
        }
    }

    private <T> void watch(Role<T> role, Consumer<Provider<T>> arrived, Consumer<String> departed) {
        keep(providers.watch(role, new ProviderListener<>() {
            @Override
            public void arrived(Provider<T> provider) {
                arrived.accept(provider);
                ready.check();
                if (recovery.outstanding().isEmpty()) {
                    sweepOnce();
                }
            }

            @Override
            public void departed(String id) {
                departed.accept(id);
                ready.check();
            }
        }));
    }

    /** What a crash left is collected once everybody has recovered. */
    private void sweepOnce() {
        if (ready.ready() && swept.compareAndSet(false, true)) {
            collector.request();
            unverified.ifPresent(since -> executor.execute(() -> verify(since)));
        }
    }

    /** The host went down under the last daemon: what it wrote since it was last sure is read once. */
    private void verify(Instant since) {
        LOG.warn("the host was not shut down cleanly: what was written since {} is verified", since);
        try {
            CheckReport report = check.verifySince(since);
            mark.verified(clock.instant());
            unverified = Optional.empty();
            LOG.info(
                    "verified {} bytes: {} findings",
                    report.bytes(),
                    report.findings().size());
        } catch (FeluccaException e) {
            LOG.error("what was written since {} was not verified: {}", since, e.getMessage());
        }
    }

    private synchronized void keep(AutoCloseable subscription) {
        open.add(subscription);
    }

    /** Stops listening. Containers go on, and the next daemon recovers them. */
    @Override
    public synchronized void close() {
        lifecycle.spares().close();
        for (AutoCloseable subscription : open) {
            try {
                subscription.close();
            } catch (Exception e) {
                LOG.warn("a subscription was not ended", e);
            }
        }
        open.clear();
        if (unverified.isEmpty()) {
            mark.end(clock.instant());
        }
    }

    /** A container was removed. */
    void removed(Entry entry) {
        collector.removed(entry.key());
    }

    CompletableFuture<Void> loaded() {
        return loaded;
    }

    Composer composer() {
        return composer;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    Commits commits() {
        return commits;
    }

    Table table() {
        return table;
    }

    Records records() {
        return records;
    }

    LinuxSpec specs() {
        return specs;
    }

    Directories directories() {
        return directories;
    }

    Removal removal() {
        return removal;
    }

    Supervisor supervisor() {
        return supervisor;
    }

    Events events() {
        return events;
    }

    /** Returns the garbage collector. */
    public GarbageCollector collector() {
        return collector;
    }

    /** Returns what checks the disk. */
    public StorageCheck check() {
        return check;
    }

    /** Returns what measures the disk. */
    public StorageUsage usage() {
        return usage;
    }

    /** Returns whether the platform can serve. */
    public ReadyState ready() {
        return ready;
    }
}
