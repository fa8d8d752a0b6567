package org.felucca.content;

import java.nio.file.Path;
import java.time.Clock;
import org.felucca.api.content.ContentStore;
import org.felucca.tck.content.AheadContract;

class FileContentAheadTest extends AheadContract {
    @Override
    protected ContentStore open(Path directory) {
        return new FileContentStore(directory.resolve("store"), FileOperations.REAL, Clock.systemUTC());
    }
}
