package org.felucca.runtime.engine.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitNameTest {
    @ParameterizedTest
    @CsvSource({
        "machine.slice:libpod:abc, machine.slice, libpod-abc.scope",
        ":felucca:web, system.slice, felucca-web.scope",
        "a-b.slice::web, a-b.slice, web.scope",
        "a.slice:x:y:z, a.slice, x-y:z.scope"
    })
    void parse_sliceIsWhereAndTheRestIsTheScope(String path, String slice, String scope) {
        assertEquals(new UnitName(slice, scope), UnitName.parse(path, "system.slice"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/felucca/web", "web", "a:b", "a.slice:b:", "a:b:c", "a.slice:b:c/d", "../a.slice:b:c", ":b:c d"
            })
    void parse_whatIsNoUnit_isRefusedByName(String path) {
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> UnitName.parse(path, "system.slice"));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        assertTrue(refusal.subject().endsWith("/linux/cgroupsPath"), refusal.getMessage());
    }

    @Test
    void parse_nameThatIsTooLong_isRefused() {
        assertThrows(FeluccaException.class, () -> UnitName.parse("::" + "x".repeat(250), "system.slice"));
    }
}
