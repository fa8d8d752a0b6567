package org.felucca.verbs.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatheredOutputTest {
    private final List<String> writes = new ArrayList<>();
    private final OutputStream out = named("O:");
    private final OutputStream err = named("E:");
    private final GatheredOutput output = new GatheredOutput();

    private OutputStream named(String name) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("a byte at a time");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(name + new String(bytes, offset, length, StandardCharsets.US_ASCII));
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void write_gathersPiecesUntilTheFlush() throws IOException {
        output.write(out, bytes("one "));
        output.write(out, bytes("two"));
        assertEquals(List.of(), writes);

        output.flush();
        output.flush();

        assertEquals(List.of("O:one two"), writes);
    }

    @Test
    void write_toTheOtherStream_keepsTheOrder() throws IOException {
        output.write(out, bytes("one"));
        output.write(err, bytes("two"));
        output.write(out, bytes("three"));
        output.flush();

        assertEquals(List.of("O:one", "E:two", "O:three"), writes);
    }

    @Test
    void write_ofMoreThanFits_losesNothing() throws IOException {
        String half = "h".repeat(10_000);
        String whole = "w".repeat(40_000);
        output.write(out, bytes(half));
        output.write(out, bytes(half));
        output.write(out, bytes(whole));
        output.write(out, bytes("end"));
        output.flush();

        assertEquals(List.of("O:" + half, "O:" + half, "O:" + whole, "O:end"), writes);
    }
}
