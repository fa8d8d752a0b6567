package org.felucca.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {
    @TempDir
    Path directory;

    /** A reader that had passed the store's own check before it closed waited for a connection for ever. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void read_afterClose_isUnavailableEachTime() throws Exception {
        Database database = Database.open(directory.resolve("felucca.db"), Schema.CURRENT);
        Readers readers = new Readers(database);
        readers.close();
        for (int i = 0; i < 3; i++) {
            FeluccaException refused =
                    assertThrows(FeluccaException.class, () -> readers.read("cannot read", tables -> "x"));
            assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        }
        database.close();
    }
}
