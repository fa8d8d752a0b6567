package org.felucca.winapi.compute;

import java.time.Duration;
import java.util.Optional;
import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.handle.Handle;
import org.felucca.winapi.handle.Pipe;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.WinapiException;

/**
 * One asynchronous call: made, handed to the function that starts it, waited for, closed. Confined to one thread, and
 * used for one call only: a second start would find it in use.
 */
final class Operation implements AutoCloseable {

    private static final long INFINITE = 0xFFFF_FFFFL;
    private static final int PROCESS_INFORMATION_SIZE = 32;
    private static final int STD_INPUT = 8;
    private static final int STD_OUTPUT = 16;
    private static final int STD_ERROR = 24;

    private final ComputeCore core;
    private final String subject;
    private final long handle;

    Operation(ComputeCore core, String subject) {
        this.core = core;
        this.subject = subject;
        NativeFunction create = core.function("HcsCreateOperation");
        this.handle = create.callLong(0, 0);
        if (handle == 0) {
            throw new OutOfMemoryError("HcsCreateOperation returned no operation");
        }
    }

    long handle() {
        return handle;
    }

    /** Checks that the operation was started. */
    void started(NativeFunction function, int result) {
        if (result < 0) {
            throw new WinapiException(new HResult(result), function.name(), subject, "");
        }
    }

    /** Waits for the operation; returns the result's document, or the empty string. */
    String await(NativeFunction function, Duration timeout) {
        try (Arena arena = new Arena()) {
            long document = arena.slot();
            NativeFunction wait = core.function("HcsWaitForOperationResult");
            int result = wait.call(handle, milliseconds(timeout), document);
            return check(function, result, document);
        }
    }

    /** Waits for an operation that tells about a process. The pipes in the answer are the caller's. */
    ProcessInformation awaitProcess(NativeFunction function, Duration timeout) {
        try (Arena arena = new Arena()) {
            long document = arena.slot();
            long information = arena.zeros(PROCESS_INFORMATION_SIZE);
            NativeFunction wait = core.function("HcsWaitForOperationResultAndProcessInfo");
            int result = wait.call(handle, milliseconds(timeout), information, document);
            check(function, result, document);
            long id = Integer.toUnsignedLong(Arena.getInt(information));
            return new ProcessInformation(
                    id,
                    pipe(information + STD_INPUT, "standard input of process " + id),
                    pipe(information + STD_OUTPUT, "standard output of process " + id),
                    pipe(information + STD_ERROR, "standard error of process " + id));
        }
    }

    private Optional<Pipe> pipe(long address, String what) {
        long value = Arena.getLong(address);
        if (value == 0 || value == Handle.INVALID) {
            return Optional.empty();
        }
        return Optional.of(new Pipe(new Handle(core.kernel(), value, what + " in " + subject)));
    }

    private String check(NativeFunction function, int result, long document) {
        String text = core.strings().take(document);
        if (result < 0) {
            throw new WinapiException(new HResult(result), function.name(), subject, text);
        }
        return text;
    }

    /** A wait of Windows is a count of milliseconds in 32 bits, the largest of which means for ever. */
    static long milliseconds(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        // Half of a millisecond waits a whole one: a wait is never shorter than was asked for.
        long milliseconds = timeout.compareTo(Duration.ofMillis(INFINITE)) >= 0
                ? INFINITE
                : timeout.plusNanos(999_999).toMillis();
        return Math.min(milliseconds, INFINITE - 1);
    }

    @Override
    public void close() {
        core.function("HcsCloseOperation").callLong(handle);
    }
}
