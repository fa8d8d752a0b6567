package org.felucca.snapshotter.ledger;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Tree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbered directories under one root, accessible to root only, since they hold set-uid files of images. A number is
 * never used twice. Removal happens on a thread of its own, when little else goes on. Thread-safe.
 */
public final class Storage implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
    private static final int PRIVATE = 0700;
    /** How long nothing was made or discarded before removal begins. */
    private static final Duration IDLE = Duration.ofMillis(300);
    /** How long a directory waits at most on a busy host. */
    private static final Duration OLDEST = Duration.ofSeconds(30);
    /** How many directories wait at most. */
    private static final int MOST_WAITING = 4096;

    /** Between the number of a directory that was replaced and the boot during which it was. */
    private static final String RETIRED = ".replaced-";

    private final Path root;
    private final Fd directory;
    private final AtomicLong next = new AtomicLong();
    /** Directories made, and not recorded yet: what {@link #sweep} must not take for left over. */
    private final Set<Long> unrecorded = ConcurrentHashMap.newKeySet();

    private final ScheduledThreadPoolExecutor remover;
    /** Directories that no record names any more, the oldest first. */
    private final ConcurrentLinkedQueue<Doomed> doomed = new ConcurrentLinkedQueue<>();

    private final AtomicInteger waiting = new AtomicInteger();
    private volatile long lastUse;
    private volatile boolean closing;

    /** A directory to be removed, and when that was decided, of {@link System#nanoTime}. */
    private record Doomed(long number, long since) {}

    /**
     * Opens the directory, made if it is not there.
     *
     * @param name names the removing thread
     */
    public Storage(Path root, String name) {
        this.root = root;
        makeAncestors(root);
        this.directory = Dir.open(root);
        for (Listing.Entry entry : Listing.of(directory)) {
            String number = entry.name().split(Pattern.quote(RETIRED), 2)[0];
            if (isNumber(number)) {
                next.accumulateAndGet(Long.parseLong(number) + 1, Math::max);
            }
        }
        this.remover = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name + "-remove");
            thread.setDaemon(true);
            return thread;
        });
        remover.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static void makeAncestors(Path path) {
        Path parent = path.getParent();
        try {
            Dir.mkdirIfAbsent(Fd.HOST, path.toString(), PRIVATE);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT) || parent == null) {
                throw e;
            }
            makeAncestors(parent);
            Dir.mkdirIfAbsent(Fd.HOST, path.toString(), PRIVATE);
        }
    }

    private static boolean isNumber(String name) {
        return !name.isEmpty() && name.length() < 19 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The root's descriptor; stays this object's. */
    public Fd directory() {
        return directory;
    }

    /** Where directory {@code number} is. */
    public Path path(long number) {
        return root.resolve(Long.toString(number));
    }

    /** Makes a new directory. The caller ends with {@link #recorded} or {@link #discard}. */
    public long create() {
        lastUse = System.nanoTime();
        long number = next.getAndIncrement();
        unrecorded.add(number);
        try {
            Dir.mkdir(directory, Long.toString(number), PRIVATE);
            return number;
        } catch (RuntimeException e) {
            unrecorded.remove(number);
            throw e;
        }
    }

    /** A record names the directory from now on. */
    public void recorded(long number) {
        unrecorded.remove(number);
    }

    /**
     * No record names the directory any more: it is removed in the background, once nothing else goes on. ext4 passes
     * over inodes that were freed within the last seconds one by one, so removing at once would slow down every
     * directory that is made meanwhile, tenfold where snapshots come and go quickly.
     */
    public void discard(long number) {
        lastUse = System.nanoTime();
        unrecorded.remove(number);
        doomed.add(new Doomed(number, lastUse));
        if (waiting.getAndIncrement() == 0) {
            scheduleRemoval();
        }
    }

    private void scheduleRemoval() {
        try {
            remover.schedule(this::removeDoomed, IDLE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("directories under {} are left for the next start to remove", root);
        }
    }

    private void removeDoomed() {
        while (!closing) {
            Doomed oldest = doomed.peek();
            if (oldest == null) {
                return;
            }
            long now = System.nanoTime();
            boolean busy = now - lastUse < IDLE.toNanos()
                    && now - oldest.since() < OLDEST.toNanos()
                    && waiting.get() < MOST_WAITING;
            if (busy) {
                scheduleRemoval();
                return;
            }
            doomed.remove();
            remove(oldest.number());
            if (waiting.decrementAndGet() == 0) {
                return;
            }
        }
    }

    private void remove(long number) {
        if (closing) {
            return;
        }
        try {
            Tree.remove(directory, Long.toString(number));
        } catch (PosixException e) {
            LOG.warn(
                    "cannot remove snapshot directory {}: {}; a later clean-up tries again",
                    path(number),
                    e.getMessage());
        }
    }

    /**
     * Puts what is in directory {@code fresh} in the place of what is in {@code damaged}. What was there stays until
     * another boot of the host: a running container may have it mounted.
     */
    void exchange(long damaged, long fresh, String boot) {
        Dir.exchange(directory, Long.toString(damaged), directory, Long.toString(fresh));
        Dir.rename(directory, Long.toString(fresh), directory, fresh + RETIRED + boot);
    }

    /** Removes what was replaced during other boots. */
    void sweepRetired(String boot) {
        for (Listing.Entry entry : Listing.of(directory)) {
            String name = entry.name();
            if (name.contains(RETIRED) && !name.endsWith(RETIRED + boot)) {
                Tree.remove(directory, name);
            }
        }
    }

    /**
     * Removes, in the background, every directory that no record names.
     *
     * @param recorded reads the numbers that are recorded; called after the directories were listed, so that one
     *     made and recorded meanwhile is not taken for left over
     */
    public Future<?> sweep(Supplier<Set<Long>> recorded) {
        Runnable work = () -> {
            Set<Long> leftOver = new HashSet<>();
            for (Listing.Entry entry : Listing.of(directory)) {
                if (isNumber(entry.name())) {
                    leftOver.add(Long.parseLong(entry.name()));
                }
            }
            leftOver.removeAll(Set.copyOf(unrecorded));
            leftOver.removeAll(recorded.get());
            leftOver.forEach(this::remove);
        };
        try {
            return remover.submit(work);
        } catch (RejectedExecutionException e) {
            throw shuttingDown("cannot clean up snapshots", e);
        }
    }

    private static FeluccaException shuttingDown(String subject, Exception cause) {
        return new FeluccaException(ErrorCode.UNAVAILABLE, subject, "the snapshotter is shutting down", null, cause);
    }

    /** Waits for a sweep. @throws FeluccaException CANCELLED on interrupt, or what the sweep threw */
    static void await(Future<?> sweep, String subject) {
        try {
            sweep.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(
                    ErrorCode.CANCELLED, subject, "interrupted; it goes on in the background", null, e);
        } catch (CancellationException e) {
            throw shuttingDown(subject, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FeluccaException refused) {
                throw refused;
            }
            throw new FeluccaException(ErrorCode.INTERNAL, subject, String.valueOf(e.getCause()), null, e.getCause());
        }
    }

    /** Finishes the tree being removed, leaves the others to the next start, and joins the thread. */
    @Override
    public void close() {
        closing = true;
        remover.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (remover.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        directory.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
