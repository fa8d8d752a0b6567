package org.felucca.winapi.compute;

import java.util.Optional;
import org.felucca.winapi.handle.Pipe;

/**
 * What there is to know about a process that was just created, or opened. The pipes are the holder's to close; each is
 * handed out once in the life of the process.
 *
 * @param id the process id, unsigned
 * @param input the end to write to, if the process was created with {@code CreateStdInPipe}
 * @param output the end to read from, if it was created with {@code CreateStdOutPipe}
 * @param error the end to read from, if it was created with {@code CreateStdErrPipe}
 */
public record ProcessInformation(long id, Optional<Pipe> input, Optional<Pipe> output, Optional<Pipe> error)
        implements AutoCloseable {

    /** Closes the pipes. */
    @Override
    public void close() {
        input.ifPresent(Pipe::close);
        output.ifPresent(Pipe::close);
        error.ifPresent(Pipe::close);
    }
}
