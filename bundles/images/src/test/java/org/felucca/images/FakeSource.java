package org.felucca.images;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageSource;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.reference.ImageReference;

/** A registry in memory, with a hook in every transfer. */
final class FakeSource implements ImageSource {
    final Map<Digest, byte[]> blobs = new HashMap<>();
    final Map<String, Descriptor> tags = new HashMap<>();

    /** What was fetched, as {@code <digest>@<offset>}. */
    final List<String> fetched = Collections.synchronizedList(new ArrayList<>());

    /** Whether a part that begins at an offset is given. */
    volatile LongPredicate givesPart = offset -> false;

    volatile Hook hook = (descriptor, position) -> {};

    /** Called before each piece of 1000 bytes; may throw, or wait. */
    @FunctionalInterface
    interface Hook {
        void beforePiece(Descriptor descriptor, long position) throws IOException;
    }

    @Override
    public boolean serves(ImageReference reference) {
        return reference.domain().equals("example.com");
    }

    @Override
    public Descriptor resolve(ImageReference reference) {
        Descriptor found = tags.get(reference.lookup());
        if (found == null) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND, "cannot find image " + reference.familiar(), "there is no such tag");
        }
        return found;
    }

    @Override
    public InputStream fetch(ImageReference repository, Descriptor descriptor, long offset) {
        fetched.add(descriptor.digest().shortHex() + "@" + offset);
        return stream(descriptor, offset, descriptor.size());
    }

    @Override
    public Optional<InputStream> fetchPart(ImageReference repository, Descriptor descriptor, long offset, long length) {
        if (!givesPart.test(offset)) {
            return Optional.empty();
        }
        fetched.add(descriptor.digest().shortHex() + "@" + offset + "+" + length);
        return Optional.of(stream(descriptor, offset, offset + length));
    }

    private InputStream stream(Descriptor descriptor, long offset, long end) {
        byte[] content = blobs.get(descriptor.digest());
        if (content == null) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot fetch " + descriptor.digest(), "it is not there");
        }
        int from = (int) offset;
        int length = (int) Math.min(end, content.length) - from;
        return new FilterInputStream(new ByteArrayInputStream(content, from, length)) {
            private long position = offset;

            @Override
            public int read(byte[] target, int start, int length) throws IOException {
                hook.beforePiece(descriptor, position);
                int count = super.read(target, start, Math.min(length, 1000));
                position += Math.max(0, count);
                return count;
            }
        };
    }

    /** How often a blob was asked for. */
    long count(Digest digest) {
        return List.copyOf(fetched).stream()
                .filter(entry -> entry.startsWith(digest.shortHex() + "@"))
                .count();
    }
}
