package org.felucca.api.container;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.Handle;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskStats;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The orchestrator: everything that can be done with containers. Thread-safe. {@code container} arguments are an id, a
 * unique prefix of one, or a name; each method throws NOT_FOUND if nothing fits, INVALID_ARGUMENT if more than one does,
 * FAILED_PRECONDITION if the state forbids the operation, and UNAVAILABLE if a provider that is needed is not live.
 * Operations on one container are serialised; those on different ones are independent. Blocking calls end with CANCELLED
 * on interrupt, and what they had begun is undone.
 */
@ProviderType
public interface ContainerService {
    /**
     * Says who would serve a request, and why, without making anything.
     *
     * @throws FeluccaException UNAVAILABLE if a role cannot be filled, or the parts do not fit
     */
    Composition compose(ContainerRequest request);

    /**
     * Makes a container: image, snapshot, records.
     *
     * @throws FeluccaException ALREADY_EXISTS if the name is in use; what {@code ImageService.pull} throws; what the
     *     providers throw
     */
    Container create(ContainerRequest request, Progress progress);

    /**
     * Makes and starts a container in one go.
     *
     * @param streams where its streams go
     * @return the container and its end; if the start fails nothing is left of it when it was to be removed at its end,
     *     and a container in state CREATED otherwise (as docker does)
     * @throws FeluccaException as {@link #create} and {@link #start}
     */
    Started run(ContainerRequest request, Streams streams, Progress progress);

    /**
     * Starts a container that is created or exited.
     *
     * @throws FeluccaException NOT_FOUND or PERMISSION_DENIED with subject {@code cannot execute ...} if the program
     *     cannot be executed; fronts report 127 or 126
     */
    Started start(NamespaceName namespace, String container, Streams streams);

    /**
     * Where the streams of a new process go besides the log.
     *
     * @param client one end of a stream socket that becomes the lossless first client; see
     *     {@link org.felucca.api.runtime.TaskIo}
     * @param window size of the caller's terminal
     */
    record Streams(java.util.Optional<Handle> client, WindowSize window) {
        /** Nobody is attached. */
        public static final Streams DETACHED = new Streams(java.util.Optional.empty(), new WindowSize(0, 0));
    }

    /**
     * A container that was started.
     *
     * @param container as of the start
     * @param ended completes at the end of its process and, if it is removed then, after its removal
     */
    record Started(Container container, CompletionStage<TaskExit> ended) {}

    /**
     * Asks the process to end by its stop signal, kills it after the timeout, and waits for its end. Does nothing if it
     * has ended.
     *
     * @param timeout how long to wait before killing; null for the container's own
     */
    void stop(NamespaceName namespace, String container, @org.jspecify.annotations.Nullable Duration timeout);

    /** Sends a signal to init. */
    void kill(NamespaceName namespace, String container, Signal signal);

    /** Freezes the container. */
    void pause(NamespaceName namespace, String container);

    /** Thaws the container. */
    void resume(NamespaceName namespace, String container);

    /** Changes limits. */
    void update(NamespaceName namespace, String container, ResourceLimits limits);

    /** Reads what it uses. */
    TaskStats stats(NamespaceName namespace, String container);

    /**
     * Removes a container with everything that belongs to it.
     *
     * @param force kill it first if it runs
     */
    void remove(NamespaceName namespace, String container, boolean force);

    /** Gives a container another name. */
    void rename(NamespaceName namespace, String container, String newName);

    /** Runs another process in a running container. */
    ExecProcess exec(NamespaceName namespace, String container, ExecRequest request);

    /** Attaches another client to a running container; see {@link org.felucca.api.runtime.Task#attach}. */
    void attach(NamespaceName namespace, String container, Handle socket, boolean stdin);

    /** Tells the container's terminal a new size. */
    void resize(NamespaceName namespace, String container, WindowSize size);

    /** Returns the end of the container's process: the next one if it runs or is created, else the last one. */
    CompletionStage<TaskExit> ended(NamespaceName namespace, String container);

    /** Reads the container's log, blocking. */
    void logs(NamespaceName namespace, String container, LogRequest request, LogSink sink);

    /**
     * Says what a container changed in its file system: directories before what is in them.
     *
     * @throws FeluccaException UNSUPPORTED if nobody here reads its file system
     */
    List<PathChange> changes(NamespaceName namespace, String container);

    /**
     * Writes the file system of a container as a tar; the container goes on meanwhile.
     *
     * @param tar where it goes; not closed
     * @throws FeluccaException UNSUPPORTED if nobody here reads its file system; UNAVAILABLE if {@code tar} takes no more
     */
    void export(NamespaceName namespace, String container, OutputStream tar);

    /**
     * Makes an image of a container: its image, what it changed as one more layer, and what it started with.
     *
     * @return the new image
     * @throws FeluccaException what {@code ImageService.commit} throws; FAILED_PRECONDITION if the image that it was made
     *     from is not here any more, or for another platform
     */
    ImageDetail commit(NamespaceName namespace, String container, ContainerCommit commit, Progress progress);

    /** Finds a container. */
    Container get(NamespaceName namespace, String container);

    /** Finds a container and says what there is to say of it. */
    ContainerDetails details(NamespaceName namespace, String container);

    /** Returns the containers of a tenant, newest first. */
    List<Container> list(NamespaceName namespace);

    /** Returns the runtime-spec document the container runs with, or would, as JSON text. */
    String spec(NamespaceName namespace, String container);
}
