package org.felucca.runtime.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskIo;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.User;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.net.UnixSocket;
import org.felucca.runtime.monitor.MessageLoop;
import org.felucca.runtime.monitor.SpawnClient;

/**
 * A backend on a real spawn, a state directory and a busybox root of its own.
 *
 * @param <R> the backend
 */
public abstract class RuntimeFixture<R extends RuntimeBackend> implements AutoCloseable {
    /** How long anything is waited for; on an emulated machine, longer. */
    public static final long WAIT_SECONDS = Long.getLong("felucca.test.wait", 20);

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** What everything lies below. */
    public final Path base;
    /** The backend's state directory. */
    public final Path state;
    /** The root file system of the containers. */
    public final Path root;
    /** Where their logs are. */
    public final Path logs;
    /** The cgroup of their cgroups. */
    public final String cgroupParent;

    private final Opener<R> opener;
    private final Consumer<R> closer;
    private final ExecutorService executor;
    private final java.lang.Process spawnProcess;
    private MessageLoop loop;
    private SpawnClient spawn;
    private R runtime;

    /**
     * Opens a backend.
     *
     * @param <R> the backend
     */
    @FunctionalInterface
    public interface Opener<R> {
        /** Opens it on a spawn. */
        R open(SpawnClient spawn, MessageLoop loop, Path state, String cgroupParent);
    }

    /**
     * Starts a spawn and opens the backend.
     *
     * @param name what its cgroups are named for
     * @param executor the backend's; ended with this
     * @param closer closes the backend, whose tasks run on
     */
    protected RuntimeFixture(
            Path directory, String name, ExecutorService executor, Opener<R> opener, Consumer<R> closer)
            throws IOException {
        this.base = directory;
        this.cgroupParent = "/felucca-" + name + "-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        this.executor = executor;
        this.opener = opener;
        this.closer = closer;
        this.state = Files.createDirectories(directory.resolve("state"));
        this.logs = Files.createDirectories(directory.resolve("logs"));
        this.root = BusyboxRoot.make(directory.resolve("root"));
        this.spawnProcess = startSpawn();
        this.loop = MessageLoop.start("test-monitors");
        this.spawn = SpawnClient.connect(socket(), loop);
        this.runtime = opener.open(spawn, loop, state, cgroupParent);
    }

    private java.lang.Process startSpawn() throws IOException {
        String applets = Objects.requireNonNull(
                System.getProperty("felucca.applets"), "the property felucca.applets names the applets' binary");
        Path socket = spawnSocket();
        // Not this JVM's own streams: if it dies, whoever reads those waits for spawn, and for every monitor, to end.
        java.lang.Process process = new ProcessBuilder(applets, "spawn", "--socket", socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(spawnLog().toFile())
                .start();
        process.getOutputStream().close();
        Awaiting.path(socket);
        return process;
    }

    private Path spawnLog() {
        return base.resolve("spawn.log");
    }

    private Path spawnSocket() {
        return base.resolve("spawn.sock");
    }

    /** The socket's file is there a moment before anybody listens. */
    private Fd socket() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (true) {
            try {
                return UnixSocket.connect(spawnSocket(), UnixSocket.Type.SEQPACKET);
            } catch (PosixException e) {
                if (!e.is(Errno.ECONNREFUSED) || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.yield();
            }
        }
    }

    /** As if the JVM had been killed and another one had come: connections are gone, tasks run on. */
    public void restartJava() {
        disconnect();
        loop = MessageLoop.start("test-monitors");
        spawn = SpawnClient.connect(socket(), loop);
        runtime = opener.open(spawn, loop, state, cgroupParent);
    }

    private void disconnect() {
        closer.accept(runtime);
        spawn.close();
        loop.close();
    }

    /** The backend. */
    public R runtime() {
        return runtime;
    }

    /** The connection to spawn. */
    public SpawnClient spawn() {
        return spawn;
    }

    /** The id of a task of that name. */
    public static TaskId id(String name) {
        return new TaskId(NamespaceName.DEFAULT, name);
    }

    /** A request with the root and a log. */
    public TaskRequest.Builder request(String id, Spec spec) {
        return TaskRequest.of(id(id), spec)
                .rootfs(List.of(new SnapshotMount.Bind(root, false)))
                .io(TaskIo.NONE.log(new TaskIo.LogFile(logs.resolve(id), 0, 1)));
    }

    /** Starts a program. */
    public Task start(String id, String... args) {
        return runtime.create(request(id, spec(args)).startImmediately(true).build());
    }

    /** A document that runs a program. */
    public static Spec spec(String... args) {
        return TestSpecs.standard().toBuilder().process(process(args).build()).build();
    }

    /** A process without privileges. */
    public static Process.Builder process(String... args) {
        return Process.builder(User.builder(0, 0).build(), "/")
                .args(List.of(args))
                .env(List.of("PATH=/bin"))
                .capabilities(TestSpecs.CAPABILITIES)
                .noNewPrivileges(true);
    }

    /** Waits. */
    public static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("not done within " + WAIT_SECONDS + " s", e);
        }
    }

    /** Waits for the end of a task. */
    public static TaskExit exit(Task task) {
        return get(task.exited());
    }

    /** Runs to the end and returns what it wrote, without times. */
    public String output(String id, Task task) throws IOException {
        exit(task);
        task.delete();
        return log(id);
    }

    /** A log that nothing was written to need not exist. */
    public String log(String id) throws IOException {
        StringBuilder text = new StringBuilder();
        if (!Files.exists(logs.resolve(id))) {
            return "";
        }
        for (String line : Files.readAllLines(logs.resolve(id))) {
            String[] parts = line.split(" ", 4);
            text.append(parts[3]).append(parts[2].equals("F") ? "\n" : "");
        }
        return text.toString();
    }

    /** What tasks leave behind if they are not cleaned up: directories of the state and cgroups. */
    public List<String> leftovers() throws IOException {
        List<String> left = new java.util.ArrayList<>();
        try (Stream<Path> found = Files.walk(state)) {
            found.filter(path -> state.relativize(path).getNameCount() > 2).forEach(path -> left.add(path.toString()));
        }
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies.toList()) {
                Path tasks = hierarchy.resolve(cgroupParent.substring(1));
                if (Files.isDirectory(tasks)) {
                    try (Stream<Path> found = Files.list(tasks)) {
                        found.filter(Files::isDirectory).forEach(path -> left.add(path.toString()));
                    }
                }
            }
        }
        return left;
    }

    @Override
    public void close() {
        disconnect();
        executor.shutdown();
        spawnProcess.destroy();
        try {
            spawnProcess.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            // What it had to say belongs to the test's own output.
            System.err.print(Files.readString(spawnLog()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
