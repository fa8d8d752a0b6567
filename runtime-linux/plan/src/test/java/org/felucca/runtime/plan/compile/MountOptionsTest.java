package org.felucca.runtime.plan.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.felucca.runtime.plan.MountBits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountOptionsTest {
    private static final long DIRTY = MountBits.RDONLY
            | MountBits.NOSUID
            | MountBits.NODEV
            | MountBits.NOEXEC
            | MountBits.NODIRATIME
            | MountBits.NOSYMFOLLOW;

    @ParameterizedTest
    @CsvSource({"ro,rw", "nosuid,suid", "nodev,dev", "noexec,exec", "nodiratime,diratime", "nosymfollow,symfollow"})
    void parse_everyRecursiveOption_isForAll(String set, String clear) {
        MountOptions on = MountOptions.parse(List.of("r" + set));
        assertEquals(1, Long.bitCount(on.setAll));
        assertTrue((on.setAll & DIRTY) != 0);
        assertEquals(0, on.set | on.clear | on.clearAll);
        MountOptions off = MountOptions.parse(List.of("r" + set, "r" + clear));
        assertEquals(on.setAll, off.clearAll);
        assertEquals(0, off.set | off.setAll);
        assertEquals(-1, off.firstData);
    }

    @ParameterizedTest
    @CsvSource({"atime", "relatime", "norelatime", "nostrictatime"})
    void parse_defaultAccessTimes_clearTheField(String option) {
        MountOptions options = MountOptions.parse(List.of("noatime", "rnoatime", option, "r" + option));
        assertEquals(0, (options.set | options.setAll) & MountBits.ATIME);
        assertEquals(MountBits.ATIME, options.clear & MountBits.ATIME);
        assertEquals(MountBits.ATIME, options.clearAll & MountBits.ATIME);
    }

    @Test
    void parse_strictAccessTimes_areSetForAll() {
        MountOptions options = MountOptions.parse(List.of("rstrictatime"));
        assertEquals(MountBits.STRICTATIME, options.setAll);
        assertEquals(MountBits.ATIME, options.clearAll & MountBits.ATIME);
    }

    @ParameterizedTest
    @CsvSource({"private", "slave", "shared", "unbindable"})
    void parse_recursivePropagation_isForAll(String name) {
        MountOptions one = MountOptions.parse(List.of(name));
        MountOptions all = MountOptions.parse(List.of("r" + name));
        assertEquals(one.propagation, all.propagation);
        assertEquals(List.of(false, true), List.of(one.propagationAll, all.propagationAll));
    }

    @Test
    void parse_fileSystemsOwnOption_isDataWithItsIndex() {
        MountOptions options = MountOptions.parse(List.of("ro", "iversion", "size=1m"));
        assertEquals(List.of("iversion", "size=1m"), options.data);
        assertEquals(1, options.firstData);
    }
}
