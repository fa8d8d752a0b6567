package org.felucca.runtime.monitor;

import java.util.List;
import java.util.Optional;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.memfd.MemoryFile;
import org.felucca.runtime.plan.wire.WireWriter;

/** A plan on its way: in the message if it fits, else in a file in memory. */
final class PlanCarrier implements AutoCloseable {
    private static final byte[] EMPTY = {};

    private final byte[] plan;
    private final Optional<Fd> file;

    PlanCarrier(byte[] plan) {
        this.plan = plan;
        this.file = plan.length > Protocol.MOST_PLAN_BYTES
                ? Optional.of(MemoryFile.sealed("felucca-plan", plan))
                : Optional.empty();
    }

    int flags() {
        return file.isPresent() ? Protocol.PLAN_FD : 0;
    }

    void write(WireWriter arguments) {
        arguments.bytes(file.isPresent() ? EMPTY : plan);
    }

    void addTo(List<Fd> descriptors) {
        file.ifPresent(descriptors::add);
    }

    @Override
    public void close() {
        file.ifPresent(Fd::close);
    }
}
