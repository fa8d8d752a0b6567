package org.felucca.runtime.monitor;

import java.util.List;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.plan.wire.WireReader;

/**
 * A message that was received.
 *
 * @param type what it is
 * @param id of the request it answers; 0 for an event
 * @param arguments its arguments
 * @param descriptors what came along; owned by the receiver
 */
record Message(int type, int id, WireReader arguments, List<Fd> descriptors) {
    /** Closes what came along. */
    void discard() {
        descriptors.forEach(Fd::close);
    }
}
