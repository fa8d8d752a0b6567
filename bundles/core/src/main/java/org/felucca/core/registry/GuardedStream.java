package org.felucca.core.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.felucca.api.error.FeluccaException;

/** A stream of a provider that is out. A departure waits for it to be closed. */
final class GuardedStream extends LentObject<InputStream> {
    GuardedStream(InputStream raw, Gate gate) {
        super(raw, gate, true);
    }

    InputStream asInputStream() {
        return new View();
    }

    /** Something that reads and may fail as streams do. */
    @FunctionalInterface
    private interface Read<R> {
        R from(InputStream stream) throws IOException;
    }

    /** Lets an {@link IOException} through as it is; the gate itself knows unchecked exceptions only. */
    private <R> R read(Read<R> read) throws IOException {
        Failure failure = new Failure();
        R result = this.<R>ask(
                stream -> {
                    try {
                        return read.from(stream);
                    } catch (IOException e) {
                        failure.thrown = e;
                        throw new UncheckedIOException(e);
                    }
                },
                failure);
        return result;
    }

    private <R> R ask(java.util.function.Function<InputStream, R> call, Failure failure) throws IOException {
        try {
            return ask(call);
        } catch (FeluccaException e) {
            if (failure.thrown != null) {
                IOException copy = new IOException(failure.thrown.getMessage());
                copy.initCause(
                        failure.thrown.getCause() instanceof FeluccaException known
                                ? Foreign.translate(known, gate().provider())
                                : e);
                throw copy;
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    private static final class Failure {
        private @org.jspecify.annotations.Nullable IOException thrown;
    }

    private final class View extends InputStream {
        @Override
        public int read() throws IOException {
            return GuardedStream.this.<Integer>read(InputStream::read);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return GuardedStream.this.<Integer>read(stream -> stream.read(target, offset, length));
        }

        @Override
        public long skip(long count) throws IOException {
            return GuardedStream.this.<Long>read(stream -> stream.skip(count));
        }

        @Override
        public int available() throws IOException {
            return GuardedStream.this.<Integer>read(InputStream::available);
        }

        @Override
        public void close() throws IOException {
            try {
                GuardedStream.this.<Boolean>read(stream -> {
                    stream.close();
                    return Boolean.TRUE;
                });
            } finally {
                giveBack();
            }
        }
    }
}
