package org.felucca.core.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageSource;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Role;
import org.felucca.api.process.ExitStatus.Exited;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskState;
import org.felucca.core.fake.FakeRuntime;
import org.felucca.core.fake.Faults;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.Test;

/** Objects of a provider that are out when it leaves. */
class GuardedObjectsTest {
    private static final Origin ORIGIN = new Origin(0, "bundle", "1.0.0");
    private static final TaskId TASK = new TaskId(NamespaceName.DEFAULT, "a");

    private final ProviderRegistry providers = new ProviderRegistry(Runnable::run);

    private static ErrorCode code(Runnable work) {
        return assertThrows(FeluccaException.class, work::run).code();
    }

    /** A content store that holds one blob of three bytes and forgets what is written. */
    private static final class Store implements ContentStore {
        @Override
        public ContentWriter writer(IngestRef ref) {
            return new ContentWriter() {
                @Override
                public long offset() {
                    return 5;
                }

                @Override
                public void write(ByteBuffer source) {}

                @Override
                public boolean writesAhead() {
                    return true;
                }

                @Override
                public void writeAhead(ByteBuffer source, long position) {
                    source.position(source.limit());
                }

                @Override
                public int read(ByteBuffer target, long position) {
                    return -1;
                }

                @Override
                public void truncate(long size) {}

                @Override
                public ContentInfo commit(Digest digest, long size) {
                    return new ContentInfo(digest, size, Instant.EPOCH);
                }

                @Override
                public void abort() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public ContentReader reader(Digest digest) {
            return new ContentReader() {
                @Override
                public long size() {
                    return 3;
                }

                @Override
                public int read(ByteBuffer target, long position) {
                    return -1;
                }

                @Override
                public InputStream stream() {
                    return new ByteArrayInputStream(new byte[] {1, 2, 3});
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public Optional<ContentInfo> stat(Digest digest) {
            return Optional.empty();
        }

        @Override
        public void walk(Consumer<? super ContentInfo> visitor) {}

        @Override
        public void walkIngests(Consumer<? super IngestInfo> visitor) {}

        @Override
        public void remove(Digest digest) {}

        @Override
        public void abort(IngestRef ref) {}
    }

    @Test
    void writer_thatIsOut_isWaitedForAndUsable() throws Exception {
        ContentStore store = new Store();
        providers.registry(Role.CONTENT).bind("file", store, ORIGIN);
        Provider<ContentStore> handle = providers.require(Role.CONTENT, "file");
        ContentWriter writer = handle.call(content -> content.writer(new IngestRef("r")));

        CompletableFuture<Void> gone = CompletableFuture.runAsync(
                () -> providers.registry(Role.CONTENT).unbind(store, Duration.ofHours(1)));
        while (handle.live()) {
            Thread.onSpinWait();
        }
        assertEquals(5, writer.offset());
        assertTrue(writer.writesAhead());
        ByteBuffer piece = ByteBuffer.allocate(3);
        writer.writeAhead(piece, 7);
        assertFalse(piece.hasRemaining());
        assertFalse(gone.isDone());
        writer.close();

        gone.get(10, TimeUnit.SECONDS);
        assertEquals(ErrorCode.UNAVAILABLE, code(writer::offset));
    }

    @Test
    void readerAndItsStream_afterTheGrace_areCutOff() throws IOException {
        ContentStore store = new Store();
        providers.registry(Role.CONTENT).bind("file", store, ORIGIN);
        ContentReader reader =
                providers.require(Role.CONTENT, "file").call(content -> content.reader(Digest.of(new byte[0])));
        InputStream stream = reader.stream();
        assertEquals(1, stream.read());

        providers.registry(Role.CONTENT).unbind(store, Duration.ofMillis(1));

        assertEquals(ErrorCode.UNAVAILABLE, code(reader::size));
        assertThrows(IOException.class, stream::read);
    }

    @Test
    void readersStream_deliversTheBytes() throws IOException {
        providers.registry(Role.CONTENT).bind("file", new Store(), ORIGIN);
        try (ContentReader reader = providers
                        .require(Role.CONTENT, "file")
                        .call(content -> content.reader(Digest.of(new byte[0])));
                InputStream stream = reader.stream()) {
            assertArrayEquals(new byte[] {1, 2, 3}, stream.readAllBytes());
        }
    }

    @Test
    void task_isNotWaitedForButCutOff() {
        FakeRuntime runtime = new FakeRuntime(new Faults());
        runtime.leave(TASK, TaskState.RUNNING);
        providers.registry(Role.RUNTIME).bind("fake", runtime, ORIGIN);
        Task task = providers
                .require(Role.RUNTIME, "fake")
                .call(backend -> backend.recover(TASK))
                .orElseThrow();
        assertEquals(TaskState.RUNNING, task.state());

        providers.registry(Role.RUNTIME).unbind(runtime, Duration.ofHours(1));

        assertEquals(ErrorCode.UNAVAILABLE, code(task::state));
        assertEquals(TASK, task.id(), "what is known without the provider is still known");
    }

    @Test
    void endOfATask_isTold() throws Exception {
        FakeRuntime runtime = new FakeRuntime(new Faults());
        runtime.leave(TASK, TaskState.RUNNING);
        providers.registry(Role.RUNTIME).bind("fake", runtime, ORIGIN);
        Task task = providers
                .require(Role.RUNTIME, "fake")
                .call(backend -> backend.recover(TASK))
                .orElseThrow();

        runtime.only().end(new Exited(4));

        TaskExit exit = task.exited().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(new Exited(4), exit.status());
    }

    @Test
    void streamOfASource_thatFails_keepsTheReason() throws IOException {
        ImageSource source = new ImageSource() {
            @Override
            public boolean serves(ImageReference reference) {
                return true;
            }

            @Override
            public Descriptor resolve(ImageReference reference) {
                return Descriptor.of(MediaType.OCI_MANIFEST, new byte[0]);
            }

            @Override
            public InputStream fetch(ImageReference repository, Descriptor descriptor, long offset) {
                return new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException(
                                "broken off",
                                new FeluccaException(ErrorCode.UNAVAILABLE, "cannot fetch", "the registry is gone"));
                    }
                };
            }
        };
        providers.registry(Role.IMAGE_SOURCE).bind("fake", source, ORIGIN);
        ImageReference name = ImageReference.parse("a");
        InputStream stream = providers
                .require(Role.IMAGE_SOURCE, "fake")
                .call(fetching -> fetching.fetch(name, fetching.resolve(name), 0));

        IOException failure = assertThrows(IOException.class, stream::read);

        assertEquals("broken off", failure.getMessage());
        assertEquals(ErrorCode.UNAVAILABLE, ((FeluccaException) failure.getCause()).code());
        stream.close();
    }
}
