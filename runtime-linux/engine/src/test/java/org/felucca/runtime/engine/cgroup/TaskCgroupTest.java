package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Resources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates, in a directory that looks like a cgroup. */
class TaskCgroupTest {
    @TempDir
    Path directory;

    private static Resources limit(long bytes, boolean check) {
        return Resources.builder()
                .memory(Memory.builder().limit(bytes).checkBeforeUpdate(check).build())
                .build();
    }

    @Test
    void update_checkedLimitBelowTheUse_isRefusedAndNothingIsWritten() throws IOException {
        Files.writeString(directory.resolve("memory.usage_in_bytes"), "4096\n");
        Path limit = Files.writeString(directory.resolve("memory.limit_in_bytes"), "");
        TaskCgroup cgroup =
                new TaskCgroup(List.of(new CgroupDirectory(1, "memory", List.of("memory"), directory.toString())));
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> cgroup.update(limit(4095, true)));
        assertEquals(ErrorCode.FAILED_PRECONDITION, refusal.code());
        assertTrue(refusal.subject().endsWith("/linux/resources/memory/limit"), refusal.getMessage());
        assertTrue(refusal.reason().startsWith("4095 is less than the 4096 bytes in use"), refusal.getMessage());
        assertEquals("", Files.readString(limit));
        cgroup.update(limit(4096, true));
        assertEquals("4096", Files.readString(limit));
        cgroup.update(limit(1, false));
        assertTrue(Files.readString(limit).startsWith("1"));
    }

    @Test
    void below_isWhatAPathHasBeyondTheDirectory() {
        String directory = "/sys/fs/cgroup/felucca/web";
        assertEquals("/inner/web", TaskCgroup.below("/felucca/web/inner/web", directory));
        assertEquals("", TaskCgroup.below("/felucca/web", directory));
        assertEquals("", TaskCgroup.below("/elsewhere", directory));
    }

    @Test
    void toText_isWhatParseReads() {
        TaskCgroup own = new TaskCgroup(List.of(
                new CgroupDirectory(2, "unified", List.of(), "/a/b"),
                new CgroupDirectory(1, "cpu,cpuacct", List.of("cpu", "cpuacct"), "/c")));
        assertEquals(own, TaskCgroup.parse(own.toText()));
        TaskCgroup systemds =
                new TaskCgroup(List.of(new CgroupDirectory(2, "", List.of("memory"), "/a/b.scope")), "b.scope");
        assertEquals(systemds, TaskCgroup.parse(systemds.toText()));
    }
}
