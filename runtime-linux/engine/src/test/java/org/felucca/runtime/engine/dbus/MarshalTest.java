package org.felucca.runtime.engine.dbus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.Test;

/** The examples and rules of the specification's chapter "Marshaling (Wire Format)". */
class MarshalTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @Test
    void string_isLengthTextAndZero() {
        byte[] expected = hex("03000000 666f6f00 01000000 2b00 0000 03000000 62617200");
        assertArrayEquals(
                expected, new Marshal().string("foo").string("+").string("bar").bytes());
    }

    @Test
    void array_isLengthWithoutPaddingThenAlignedElements() {
        byte[] expected = hex("08000000 00000000 0500000000000000");
        assertArrayEquals(
                expected, new Marshal().beginArray(8).u64(5).endArray().bytes());
    }

    @Test
    void emptyArrayOfStructures_isStillAligned() {
        assertArrayEquals(
                hex("00000000 00000000"), new Marshal().beginArray(8).endArray().bytes());
    }

    @Test
    void variant_isSignatureThenAlignedValue() {
        assertArrayEquals(
                hex("0174 00 0000000000 ffffffffffffffff"),
                new Marshal().variant("t").u64(-1).bytes());
    }

    @Test
    void structInArray_begins_atAMultipleOfEight() {
        byte[] expected = hex("0d000000 00000000 01000000 6100 0000 01000000 01");
        Marshal out =
                new Marshal().beginArray(8).struct().string("a").bool(true).u8(1);
        assertArrayEquals(expected, out.endArray().bytes());
    }

    @Test
    void bytes_ofAnArrayThatHasNotEnded_isRefused() {
        assertThrows(
                IllegalStateException.class,
                () -> new Marshal().beginArray(4).u32(1).bytes());
    }

    @Test
    void strings_areReadAsWritten() {
        Unmarshal in =
                new Unmarshal(new Marshal().u8(7).string("ä").u64(1L << 40).bytes(), false);
        assertEquals(7, in.u8());
        assertEquals("ä", in.string());
        assertEquals(1L << 40, in.u64());
    }

    @Test
    void message_ofEitherByteOrder_isRead() {
        BusMessage sent = BusMessage.call(
                9,
                "a.b",
                "/a",
                "a.C",
                "Do",
                "as",
                new Marshal().strings(List.of("x", "yz")).bytes());
        byte[] whole = sent.encode();
        assertEquals(whole.length, BusMessage.length(Arrays.copyOf(whole, BusMessage.PREFIX)));
        BusMessage read = BusMessage.decode(whole);
        assertEquals("Do", read.member());
        assertEquals("as", read.signature());
        assertArrayEquals(sent.body(), read.body());

        byte[] big = hex("42 02 01 01 00000004 00000007 00000008 05 01 75 00 00000009 0000002a");
        BusMessage answer = BusMessage.decode(big);
        assertEquals(9, answer.replySerial());
        assertEquals(42, answer.values().u32());
    }

    @Test
    void message_cutAnywhere_isRefusedAndNeverReadBeyondItsEnd() {
        byte[] whole = BusMessage.call(
                        1,
                        "a.b",
                        "/a",
                        "a.C",
                        "Do",
                        "s",
                        new Marshal().string("text").bytes())
                .encode();
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(FeluccaException.class, () -> BusMessage.decode(cut));
        }
    }

    @Test
    void message_thatClaimsToBeHuge_isRefusedBeforeItIsRead() {
        byte[] prefix = hex("6c 02 00 01 ffffff7f 01000000 08000000");
        assertThrows(FeluccaException.class, () -> BusMessage.length(prefix));
        byte[] fields = hex("6c 02 00 01 00000000 01000000 ffffffff");
        assertThrows(FeluccaException.class, () -> BusMessage.length(fields));
    }
}
