package org.felucca.posix.inflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InflateTest {

    /** A decoder under test, and how its format is written. */
    record Format(String name, Function<ByteSource, ByteSource> decoder, Function<byte[], byte[]> encoder) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Format> formats() {
        return Stream.of(
                new Format("gzip by isa-l", IsalGunzip::new, InflateTest::gzip),
                new Format("gzip by jdk", JdkGunzip::new, InflateTest::gzip),
                new Format("zstd", source -> Unzstd.of(source).orElseThrow(), InflateTest::zstd));
    }

    static byte[] gzip(byte[] text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    static byte[] zstd(byte[] text) {
        return run(text, "zstd", "-q", "-c", "--check");
    }

    private static byte[] run(byte[] input, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Thread feeder = new Thread(() -> {
                try (OutputStream out = process.getOutputStream()) {
                    out.write(input);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            feeder.start();
            byte[] output = process.getInputStream().readAllBytes();
            feeder.join();
            assertEquals(0, process.waitFor());
            return output;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] text() {
        byte[] text = new byte[3_000_000];
        Random random = new Random(1);
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (random.nextInt(10) == 0 ? random.nextInt() : 'a');
        }
        return text;
    }

    /** Gives at most {@code step} bytes a time. */
    private static ByteSource source(byte[] bytes, int step) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        return into -> {
            if (!left.hasRemaining()) {
                return -1;
            }
            int count = Math.min(step, Math.min(left.remaining(), into.remaining()));
            into.put(left.slice(left.position(), count));
            left.position(left.position() + count);
            return count;
        };
    }

    private static byte[] decode(Format format, byte[] compressed, int inStep, int outStep) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocateDirect(outStep);
        try (ByteSource decoder = format.decoder.apply(source(compressed, inStep))) {
            while (decoder.read(buffer.clear()) >= 0) {
                byte[] bytes = new byte[buffer.flip().remaining()];
                buffer.get(bytes);
                out.writeBytes(bytes);
            }
            assertEquals(-1, decoder.read(buffer.clear()));
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void read_wholeStream_givesTheText(Format format) throws IOException {
        byte[] text = text();
        byte[] compressed = format.encoder.apply(text);
        assertArrayEquals(text, decode(format, compressed, Integer.MAX_VALUE, 1 << 20));
        assertArrayEquals(text, decode(format, compressed, 7, 4099));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void read_emptyText_isTheEnd(Format format) throws IOException {
        assertArrayEquals(new byte[0], decode(format, format.encoder.apply(new byte[0]), 1, 10));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void read_severalMembers_givesThemAll(Format format) throws IOException {
        byte[] one = "one ".repeat(100).getBytes(StandardCharsets.US_ASCII);
        byte[] two = "two ".repeat(100).getBytes(StandardCharsets.US_ASCII);
        byte[] compressed = join(format.encoder.apply(one), format.encoder.apply(two));
        assertArrayEquals(join(one, two), decode(format, compressed, Integer.MAX_VALUE, 1 << 20));
        assertArrayEquals(join(one, two), decode(format, compressed, 1, 1));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void read_truncatedStream_isRefused(Format format) {
        byte[] compressed = format.encoder.apply(text());
        for (int length : new int[] {0, 1, 3, 5, 9, compressed.length / 2, compressed.length - 1}) {
            assertThrows(
                    CorruptStreamException.class,
                    () -> decode(format, Arrays.copyOf(compressed, length), 1000, 1 << 16),
                    () -> "after " + length);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void read_damagedStream_isRefused(Format format) {
        byte[] compressed = format.encoder.apply(text());
        for (int at : new int[] {0, compressed.length / 3, compressed.length - 2}) {
            byte[] damaged = compressed.clone();
            damaged[at] ^= 0x55;
            assertThrows(
                    CorruptStreamException.class,
                    () -> decode(format, damaged, Integer.MAX_VALUE, 1 << 16),
                    () -> "at " + at);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void read_bytesAfterTheStream_isRefused(Format format) {
        byte[] compressed = join(format.encoder.apply(new byte[100]), "garbage!".getBytes(StandardCharsets.US_ASCII));
        assertThrows(CorruptStreamException.class, () -> decode(format, compressed, 1000, 1000));
    }

    @Test
    void gunzip_zerosAfterTheStream_arePassedOver() throws IOException {
        byte[] compressed = join(gzip(new byte[100]), new byte[5000]);
        for (Format format : formats().limit(2).toList()) {
            assertEquals(100, decode(format, compressed, 1000, 1000).length);
        }
    }

    @Test
    void gunzip_headerWithEveryField_isRead() throws IOException {
        byte[] plain = gzip("text".getBytes(StandardCharsets.US_ASCII));
        byte[] header = {0x1F, (byte) 0x8B, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3, 'n', 0, 'c', 'c', 0};
        byte[] compressed = join(header, Arrays.copyOfRange(plain, 10, plain.length));
        for (Format format : formats().limit(2).toList()) {
            assertEquals("text", new String(decode(format, compressed, 1, 1), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void engine_onThisHost_isIsal() {
        assertTrue(IsalGunzip.isAvailable());
        assertEquals("isa-l", Gunzip.engine());
    }
}
