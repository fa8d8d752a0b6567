package org.felucca.core.registry;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.content.IngestRef;
import org.felucca.oci.digest.Digest;

/** A content store whose readers and writers are waited for, and then cut off, when it leaves. */
final class GuardedContent implements ContentStore {
    private final ContentStore store;
    private final Gate gate;

    GuardedContent(ContentStore store, Gate gate) {
        this.store = store;
        this.gate = gate;
    }

    @Override
    public ContentWriter writer(IngestRef ref) {
        Writer writer = new Writer(store.writer(ref), gate);
        writer.lend();
        return writer;
    }

    @Override
    public ContentReader reader(Digest digest) {
        Reader reader = new Reader(store.reader(digest), gate);
        reader.lend();
        return reader;
    }

    @Override
    public Optional<ContentInfo> stat(Digest digest) {
        return store.stat(digest);
    }

    @Override
    public void walk(Consumer<? super ContentInfo> visitor) {
        store.walk(visitor);
    }

    @Override
    public void walkIngests(Consumer<? super IngestInfo> visitor) {
        store.walkIngests(visitor);
    }

    @Override
    public void remove(Digest digest) {
        store.remove(digest);
    }

    @Override
    public void abort(IngestRef ref) {
        store.abort(ref);
    }

    private static final class Writer extends LentObject<ContentWriter> implements ContentWriter {
        Writer(ContentWriter raw, Gate gate) {
            super(raw, gate, true);
        }

        @Override
        public long offset() {
            return ask(ContentWriter::offset);
        }

        @Override
        public void write(ByteBuffer source) {
            tell(writer -> writer.write(source));
        }

        @Override
        public boolean writesAhead() {
            return ask(ContentWriter::writesAhead);
        }

        @Override
        public void writeAhead(ByteBuffer source, long position) {
            tell(writer -> writer.writeAhead(source, position));
        }

        @Override
        public int read(ByteBuffer target, long position) {
            return ask(writer -> writer.read(target, position));
        }

        @Override
        public void truncate(long size) {
            tell(writer -> writer.truncate(size));
        }

        @Override
        public ContentInfo commit(Digest digest, long size) {
            return ask(writer -> writer.commit(digest, size));
        }

        @Override
        public void abort() {
            tell(ContentWriter::abort);
        }

        @Override
        public void close() {
            try {
                tell(ContentWriter::close);
            } finally {
                giveBack();
            }
        }
    }

    private static final class Reader extends LentObject<ContentReader> implements ContentReader {
        Reader(ContentReader raw, Gate gate) {
            super(raw, gate, true);
        }

        @Override
        public long size() {
            return ask(ContentReader::size);
        }

        @Override
        public int read(ByteBuffer target, long position) {
            return ask(reader -> reader.read(target, position));
        }

        @Override
        public InputStream stream() {
            return ask(reader -> {
                GuardedStream stream = new GuardedStream(reader.stream(), gate());
                stream.lend();
                return stream.asInputStream();
            });
        }

        @Override
        public void close() {
            try {
                tell(ContentReader::close);
            } finally {
                giveBack();
            }
        }
    }
}
