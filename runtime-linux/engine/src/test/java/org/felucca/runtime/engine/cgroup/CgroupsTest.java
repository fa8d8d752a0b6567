package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupsTest {
    /** A path that climbs would put the container, and its limits, into a cgroup of the host. */
    @ParameterizedTest
    @ValueSource(strings = {"../x", "/../x", "/a/../../x", "a/./b", "/a//b", "..", "/"})
    void make_pathThatClimbs_isRefused(String path) {
        try (Cgroups cgroups = new Cgroups(CgroupLayout.parse(""), "/felucca-none")) {
            FeluccaException refusal = assertThrows(FeluccaException.class, () -> cgroups.make(path, "name", null));
            assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
            assertTrue(refusal.subject().endsWith("/linux/cgroupsPath"), refusal.getMessage());
        }
    }
}
