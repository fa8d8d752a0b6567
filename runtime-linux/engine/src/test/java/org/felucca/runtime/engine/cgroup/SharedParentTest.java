package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.felucca.runtime.engine.task.HostProbe;
import org.junit.jupiter.api.Test;

/** Two daemons on one host put their tasks into the same cgroup. */
class SharedParentTest {
    private final String parent = "/felucca-shared-" + ProcessHandle.current().pid();

    private List<Path> places(TaskCgroup cgroup) {
        return cgroup.directories().stream()
                .map(directory -> Path.of(directory.path()))
                .toList();
    }

    @Test
    void close_whileAnotherIsAboutToStartATask_leavesItsCgroupAlone() {
        Cgroups one = new Cgroups(HostProbe.cgroups(), parent);
        Cgroups other = new Cgroups(HostProbe.cgroups(), parent);
        TaskCgroup empty = one.make(null, "default-task", null).cgroup();
        List<Path> places = places(empty);
        assertFalse(places.isEmpty());

        other.close();

        places.forEach(place -> assertTrue(Files.isDirectory(place), place + " is gone"));
        empty.remove();
        one.close();
        places.forEach(place -> assertFalse(Files.exists(place.getParent()), place.getParent() + " is left"));
    }

    @Test
    void make_afterAnotherTookTheParentAway_makesItAgain() {
        Cgroups one = new Cgroups(HostProbe.cgroups(), parent);
        one.make(null, "default-first", null).cgroup().remove();
        new Cgroups(HostProbe.cgroups(), parent).close();

        TaskCgroup again = one.make(null, "default-second", null).cgroup();

        assertEquals(1, places(again).stream().filter(Files::isDirectory).count());
        again.remove();
        one.close();
    }
}
