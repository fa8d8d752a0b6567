package org.felucca.winapi.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.UUID;
import org.felucca.api.error.ErrorCode;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BoundaryTest {

    @RegisterExtension
    static final WindowsDouble WINDOWS = new WindowsDouble();

    @Test
    void open_ofALibraryThatIsMissing_isUnsupported() {
        WinapiException e =
                assertThrows(WinapiException.class, () -> NativeLibrary.open(WINDOWS.locator(), "nosuchlibrary"));

        assertTrue(e.is(SystemResult.ERROR_MOD_NOT_FOUND));
        assertEquals(ErrorCode.UNSUPPORTED, e.code());
        assertTrue(e.getMessage().contains("nosuchlibrary"), e.getMessage());
    }

    @Test
    void function_thatTheLibraryLacks_isUnsupportedAndNamed() {
        NativeLibrary library = NativeLibrary.open(WINDOWS.locator(), "computecore");

        WinapiException e = assertThrows(WinapiException.class, () -> library.function("HcsTeleportComputeSystem"));

        assertTrue(e.is(SystemResult.ERROR_PROC_NOT_FOUND));
        assertTrue(e.getMessage().contains("computecore!HcsTeleportComputeSystem"), e.getMessage());
    }

    @Test
    void function_ofAnotherLibrary_isNotFound() {
        NativeLibrary library = NativeLibrary.open(WINDOWS.locator(), "computenetwork");

        assertThrows(WinapiException.class, () -> library.function("HcsOpenComputeSystem"));
    }

    @Test
    void wide_withAnyText_comesBackUnchanged() {
        String text = "zażółć \uD83D\uDE00 \uFFFF";
        try (Arena arena = new Arena()) {
            assertEquals(text, Arena.getWide(arena.wide(text)));
            assertEquals("", Arena.getWide(arena.wide("")));
            assertEquals(0, arena.wide(null));
        }
    }

    @Test
    void wide_withAZero_isRefused() {
        try (Arena arena = new Arena()) {
            assertThrows(IllegalArgumentException.class, () -> arena.wide("cut\0short"));
        }
    }

    @Test
    void guid_isThreeLittleEndianNumbersAndEightBytes() {
        try (Arena arena = new Arena()) {
            long address = arena.guid(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
            byte[] bytes = new byte[16];
            Arena.getBytes(address, bytes, 0, 16);

            assertEquals("33221100554477668899aabbccddeeff", HexFormat.of().formatHex(bytes));
        }
    }

    @Test
    void free_onTheWrongHeap_isAMisuseThatTheDoubleSees() {
        Owned wrong = Owned.task(NativeLibrary.open(WINDOWS.locator(), "ole32"));
        Owned right = Owned.local(NativeLibrary.open(WINDOWS.locator(), "kernel32"));
        long block = NativeLibrary.open(WINDOWS.locator(), "windouble")
                .function("DoubleMisuses")
                .callLong();

        wrong.free(block);

        assertTrue(WINDOWS.misuses().contains("CoTaskMemFree of memory that is not of its heap"));
        right.free(block);
    }
}
