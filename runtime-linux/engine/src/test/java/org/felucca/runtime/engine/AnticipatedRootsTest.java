package org.felucca.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnticipatedRootsTest {
    private static final TaskId ID = new TaskId(NamespaceName.DEFAULT, "a".repeat(64));
    private static final List<SnapshotMount> ROOT = List.of(new SnapshotMount.Bind(Path.of("/one"), false));

    @TempDir
    Path directory;

    private final AnticipatedRoots roots = new AnticipatedRoots();

    @AfterEach
    void close() {
        roots.close();
    }

    private Fd keep() {
        Fd mount = Dir.open(directory);
        roots.keep(ID, ROOT, true, mount);
        return mount;
    }

    @Test
    void take_ofTheSame_handsItOutOnce() {
        try (Fd mount = keep()) {
            assertSame(mount, roots.take(ID, ROOT, true).orElseThrow());
            assertTrue(mount.isOpen());
            assertEquals(Optional.empty(), roots.take(ID, ROOT, true));
        }
    }

    @Test
    void take_ofAnotherRoot_unmounts() {
        Fd mount = keep();
        assertEquals(Optional.empty(), roots.take(ID, List.of(new SnapshotMount.Bind(Path.of("/other"), false)), true));
        assertFalse(mount.isOpen());
        Fd again = keep();
        assertEquals(Optional.empty(), roots.take(ID, ROOT, false));
        assertFalse(again.isOpen());
    }

    @Test
    void keep_again_unmountsTheFormer() {
        Fd former = keep();
        Fd later = keep();
        assertFalse(former.isOpen());
        assertTrue(later.isOpen());
    }

    @Test
    void forgetAndClose_unmount() {
        Fd forgotten = keep();
        roots.forget(ID);
        assertFalse(forgotten.isOpen());
        Fd left = keep();
        roots.close();
        assertFalse(left.isOpen());
        assertFalse(keep().isOpen(), "nothing is kept after the close");
    }
}
