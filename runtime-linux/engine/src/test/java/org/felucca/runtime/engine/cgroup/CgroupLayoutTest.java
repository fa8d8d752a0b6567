package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CgroupLayoutTest {
    @Test
    void parse_hybridHost_findsBothVersions() {
        CgroupLayout layout = CgroupLayout.parse("""
                31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
                32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:5 - cgroup cgroup rw,cpu,cpuacct
                35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
                40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
                41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
                """);
        assertFalse(layout.unifiedOnly());
        assertEquals(Optional.of(new CgroupLayout.Unified("/sys/fs/cgroup/unified")), layout.unified());
        assertEquals(Set.of("cpu", "cpuacct", "memory"), layout.controllers().keySet());
        assertEquals(layout.controllers().get("cpu"), layout.controllers().get("cpuacct"));
        assertEquals("cpu,cpuacct", layout.controllers().get("cpu").name());
    }

    @Test
    void parse_unifiedHost_hasNoVersion1() {
        CgroupLayout layout =
                CgroupLayout.parse("29 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n");
        assertTrue(layout.unifiedOnly());
        assertEquals("version 2", layout.describe());
    }

    @Test
    void parse_bindOfASubdirectory_isNoHierarchy() {
        CgroupLayout layout =
                CgroupLayout.parse("35 31 0:32 /docker/x /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
        assertEquals(Set.of(), layout.controllers().keySet());
    }

    @Test
    void parse_escapedMountPoint_isUnescaped() {
        CgroupLayout layout = CgroupLayout.parse("1 2 0:1 / /c\\040g rw - cgroup cgroup rw,pids\n");
        assertEquals(
                new CgroupLayout.Hierarchy("/c g", List.of("pids")),
                layout.controllers().get("pids"));
    }
}
