package org.felucca.verbs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.felucca.api.container.Composition;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerCommit;
import org.felucca.api.container.ContainerDetails;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.ContainerService;
import org.felucca.api.container.ContainerState;
import org.felucca.api.container.LogRequest;
import org.felucca.api.container.LogSink;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Handle;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskStats;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.platform.Platform;
import org.jspecify.annotations.Nullable;

/** Containers in memory: every process has ended at once with a status that the test states. Calls are written down. */
public final class FakeContainers implements ContainerService {
    /** The id of the image of every container here. */
    public static final Digest IMAGE_ID = new Digest(Digest.Algorithm.SHA256, "ab".repeat(32));

    /** Who serves every container here. */
    public static final Composition COMPOSITION = new Composition(List.of(
            new Composition.Choice("snapshotter", "overlay", "highest ranking of 2", List.of("native: ranked lower")),
            new Composition.Choice("runtime", "linux", "the only one", List.of())));

    private final Map<String, Container> byName = new LinkedHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<ContainerCommit> commits = new ArrayList<>();
    private final List<ContainerRequest> requests = new ArrayList<>();
    private final List<Streams> streams = new ArrayList<>();
    private final List<ExecRequest> execs = new ArrayList<>();
    private @Nullable ResourceLimits lastLimits;
    private @Nullable LogRequest lastLogRequest;
    private ExitStatus status = new ExitStatus.Exited(0);

    /** How every process ends from now on. */
    public FakeContainers ends(ExitStatus with) {
        status = with;
        return this;
    }

    /** Adds a container; its id is the digit repeated. */
    public FakeContainers add(char digit, String name, ContainerState state) {
        return add(
                digit,
                name,
                state,
                ContainerRequest.of(NamespaceName.DEFAULT, "alpine")
                        .command(List.of("sh"))
                        .build());
    }

    /** Adds a container with its request. */
    public FakeContainers add(char digit, String name, ContainerState state, ContainerRequest request) {
        boolean ran = state != ContainerState.CREATED;
        byName.put(
                name,
                new Container(
                        String.valueOf(digit).repeat(64),
                        name,
                        request,
                        "docker.io/library/alpine:latest",
                        IMAGE_ID,
                        request.command().isEmpty() ? List.of("/entry", "serve") : request.command(),
                        COMPOSITION,
                        state,
                        state == ContainerState.RUNNING ? OptionalLong.of(4711) : OptionalLong.empty(),
                        CommandLine.NOW.minusSeconds(7200),
                        ran ? Optional.of(CommandLine.NOW.minusSeconds(180)) : Optional.empty(),
                        state == ContainerState.EXITED
                                ? Optional.of(new TaskExit(status, CommandLine.NOW.minusSeconds(5), false))
                                : Optional.empty(),
                        state == ContainerState.ORPHANED ? "runtime=linux unavailable" : ""));
        return this;
    }

    /** What was called, in order. */
    public List<String> calls() {
        return calls;
    }

    /** The only request that was made. */
    public ContainerRequest request() {
        if (requests.size() != 1) {
            throw new AssertionError(requests.size() + " requests");
        }
        return requests.get(0);
    }

    /** The only streams that were given. */
    public Streams streams() {
        if (streams.size() != 1) {
            throw new AssertionError(streams.size() + " streams");
        }
        return streams.get(0);
    }

    /** The only exec that was made. */
    public ExecRequest execRequest() {
        if (execs.size() != 1) {
            throw new AssertionError(execs.size() + " execs");
        }
        return execs.get(0);
    }

    /** The limits of the last update. */
    public @Nullable ResourceLimits limits() {
        return lastLimits;
    }

    /** The last request for a log. */
    public @Nullable LogRequest logRequest() {
        return lastLogRequest;
    }

    private CompletionStage<TaskExit> end() {
        return CompletableFuture.completedFuture(new TaskExit(status, CommandLine.NOW, false));
    }

    @Override
    public Composition compose(ContainerRequest request) {
        requests.add(request);
        return COMPOSITION;
    }

    @Override
    public Container create(ContainerRequest request, Progress progress) {
        requests.add(request);
        progress.update(new Progress.Update("layer", Progress.Phase.DONE, 1, 1));
        add('c', request.name().isEmpty() ? "generated" : request.name(), ContainerState.CREATED, request);
        return get(request.namespace(), "c".repeat(64));
    }

    @Override
    public Started run(ContainerRequest request, Streams given, Progress progress) {
        streams.add(given);
        return new Started(create(request, progress), end());
    }

    @Override
    public Started start(NamespaceName namespace, String container, Streams given) {
        Container found = get(namespace, container);
        calls.add("start " + found.name());
        streams.add(given);
        return new Started(found, end());
    }

    @Override
    public void stop(NamespaceName namespace, String container, @Nullable Duration timeout) {
        calls.add("stop " + get(namespace, container).name() + " " + timeout);
    }

    @Override
    public void kill(NamespaceName namespace, String container, Signal signal) {
        calls.add("kill " + get(namespace, container).name() + " " + signal.displayName());
    }

    @Override
    public void pause(NamespaceName namespace, String container) {
        calls.add("pause " + get(namespace, container).name());
    }

    @Override
    public void resume(NamespaceName namespace, String container) {
        calls.add("resume " + get(namespace, container).name());
    }

    @Override
    public void update(NamespaceName namespace, String container, ResourceLimits limits) {
        calls.add("update " + get(namespace, container).name());
        lastLimits = limits;
    }

    @Override
    public TaskStats stats(NamespaceName namespace, String container) {
        get(namespace, container);
        return new TaskStats(CommandLine.NOW, 1_250_000_000L, 2_500_000, OptionalLong.of(64_000_000), 3);
    }

    @Override
    public void remove(NamespaceName namespace, String container, boolean force) {
        Container found = get(namespace, container);
        if (found.state() == ContainerState.RUNNING && !force) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot remove container " + container,
                    "it is running",
                    "use --force");
        }
        byName.remove(found.name());
        calls.add("remove " + found.name());
    }

    @Override
    public void rename(NamespaceName namespace, String container, String newName) {
        calls.add("rename " + get(namespace, container).name() + " " + newName);
    }

    @Override
    public ExecProcess exec(NamespaceName namespace, String container, ExecRequest request) {
        get(namespace, container);
        execs.add(request);
        return new ExecProcess() {
            @Override
            public String execId() {
                return request.execId();
            }

            @Override
            public long pid() {
                return 1;
            }

            @Override
            public CompletionStage<TaskExit> exited() {
                return end();
            }

            @Override
            public void kill(Signal signal) {
                throw new AssertionError("not by a verb");
            }

            @Override
            public void resize(WindowSize size) {
                throw new AssertionError("not by a verb");
            }
        };
    }

    @Override
    public void attach(NamespaceName namespace, String container, Handle socket, boolean stdin) {
        calls.add("attach " + get(namespace, container).name() + " " + socket.value() + " " + stdin);
    }

    @Override
    public void resize(NamespaceName namespace, String container, WindowSize size) {
        throw new AssertionError("not by a verb");
    }

    @Override
    public CompletionStage<TaskExit> ended(NamespaceName namespace, String container) {
        get(namespace, container);
        return end();
    }

    @Override
    public void logs(NamespaceName namespace, String container, LogRequest request, LogSink sink) {
        get(namespace, container);
        lastLogRequest = request;
        Instant time = Instant.parse("2026-05-01T10:00:00.000000123Z");
        sink.accept(time, false, "one\n".getBytes(StandardCharsets.UTF_8));
        sink.accept(time, false, "part ".getBytes(StandardCharsets.UTF_8));
        sink.accept(time, true, "error\n".getBytes(StandardCharsets.UTF_8));
        sink.accept(time, false, "whole\n".getBytes(StandardCharsets.UTF_8));
    }

    /** The only commit that was made. */
    public ContainerCommit commit() {
        if (commits.size() != 1) {
            throw new AssertionError(commits.size() + " commits");
        }
        return commits.get(0);
    }

    @Override
    public List<PathChange> changes(NamespaceName namespace, String container) {
        get(namespace, container);
        return List.of(
                new PathChange(PathChange.Kind.CHANGED, "/etc"),
                new PathChange(PathChange.Kind.ADDED, "/etc/new"),
                new PathChange(PathChange.Kind.DELETED, "/old"));
    }

    @Override
    public void export(NamespaceName namespace, String container, OutputStream tar) {
        get(namespace, container);
        try {
            tar.write("tree".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ImageDetail commit(NamespaceName namespace, String container, ContainerCommit commit, Progress progress) {
        get(namespace, container);
        commits.add(commit);
        FakeImages images = new FakeImages().add("committed");
        return images.resolve(images.list(namespace).get(0), Platform.host());
    }

    @Override
    public Container get(NamespaceName namespace, String container) {
        return byName.values().stream()
                .filter(c -> c.name().equals(container) || c.id().startsWith(container))
                .findFirst()
                .orElseThrow(() -> new FeluccaException(
                        ErrorCode.NOT_FOUND, "cannot find container " + container, "there is none"));
    }

    @Override
    public ContainerDetails details(NamespaceName namespace, String container) {
        Container found = get(namespace, container);
        return new ContainerDetails(
                found,
                List.of("PATH=/bin", "COLOUR=blue"),
                "/work",
                "ada",
                "SIGTERM",
                Path.of("/logs", found.id() + ".log"),
                SnapshotKey.of("default/" + found.id()));
    }

    @Override
    public List<Container> list(NamespaceName namespace) {
        return List.copyOf(byName.values());
    }

    @Override
    public String spec(NamespaceName namespace, String container) {
        return "{\"ociVersion\":\"1.3.0\",\"hostname\":\""
                + get(namespace, container).name() + "\"}";
    }
}
