package org.felucca.runtime.ocicli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeLogTest {
    @TempDir
    Path directory;

    @Test
    void lastError_isTheLastLineOfThatLevel() throws IOException {
        Path log = directory.resolve("log");
        assertEquals(Optional.empty(), RuntimeLog.lastError(log));
        Files.writeString(log, """
                {"level":"error","msg":"first","time":"t"}
                {"level":"error","msg":"second","time":"t"}
                {"level":"warning","msg":"third","time":"t"}
                not json
                {"level":"error","msg":"cut o""");
        assertEquals(Optional.of("second"), RuntimeLog.lastError(log));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "exec: \"x\": executable file not found in $PATH: unknown; NOT_FOUND",
                "executable file `x` not found in $PATH: No such file or directory; NOT_FOUND",
                "exec: \"/x\": stat /x: no such file or directory; NOT_FOUND",
                "exec: \"/x\": permission denied; PERMISSION_DENIED",
                "open executable: Permission denied; PERMISSION_DENIED",
                "open executable: Operation not permitted; PERMISSION_DENIED",
                "error mounting \"none\" to rootfs at \"/mnt\": no such device; FAILED_PRECONDITION",
            })
    void failure_ofWhatProgramsSay_hasTheFieldsCode(String said, ErrorCode code) {
        FeluccaException failure = RuntimeLog.failure("cannot create container c", said, "x", new Exception());
        assertEquals(code, failure.code());
    }
}
