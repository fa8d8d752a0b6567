package org.felucca.layers.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteBackTest {
    private static final long STEP = 64L << 20;

    @TempDir
    Path directory;

    private Fd.Leaks leaks;
    private Fd root;
    private final List<Runnable> syncs = new ArrayList<>();

    @BeforeEach
    void open() {
        leaks = Fd.trackLeaks();
        root = Dir.open(directory);
    }

    @AfterEach
    void everythingIsClosed() {
        root.close();
        leaks.assertNone();
        leaks.close();
    }

    @Test
    void wrote_syncsAtEachStep_oneAtATime() {
        WriteBack writeBack = new WriteBack(syncs::add);
        writeBack.wrote(root, STEP - 1);
        assertEquals(0, syncs.size());
        writeBack.wrote(root, 1);
        assertEquals(1, syncs.size());
        writeBack.wrote(root, 3 * STEP);
        assertEquals(1, syncs.size());
        syncs.remove(0).run();
        writeBack.wrote(root, 1);
        assertEquals(1, syncs.size());
        syncs.remove(0).run();
    }

    @Test
    void wrote_whileTheExecutorCloses_closesWhatItOpened() {
        WriteBack closing = new WriteBack(task -> {
            throw new RejectedExecutionException();
        });
        closing.wrote(root, STEP);
        closing.wrote(root, STEP);
    }
}
