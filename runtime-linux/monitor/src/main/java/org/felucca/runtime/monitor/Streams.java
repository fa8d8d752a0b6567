package org.felucca.runtime.monitor;

import java.util.Optional;
import org.felucca.posix.fs.Fd;

/**
 * Where the streams of a process go.
 *
 * @param stdin whether it has a stdin that clients can feed
 * @param closeStdinWithFirstClient whether stdin ends when the first client ends
 * @param client one end of a stream socket whose other end the first client holds; stays the caller's
 */
public record Streams(boolean stdin, boolean closeStdinWithFirstClient, Optional<Fd> client) {
    /** No stdin, no client. */
    public static final Streams NONE = new Streams(false, false, Optional.empty());

    int flags() {
        return (stdin ? Protocol.STDIN : 0)
                | (stdin && closeStdinWithFirstClient ? Protocol.STDIN_ONCE : 0)
                | (client.isPresent() ? Protocol.CLIENT0 : 0);
    }
}
