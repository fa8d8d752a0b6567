package org.felucca.runtime.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.poll.PidFd;

/** Processes of the host by pid and start time, so that a number that was used again is not mistaken. */
public final class HostProcesses {
    private static final int START_TIME = 22;

    private HostProcesses() {}

    /** Opens the process if it is alive and the same one; owned by the caller. */
    public static Optional<Fd> open(ProcessRef process) {
        Fd fd;
        try {
            fd = PidFd.open(process.pid());
        } catch (PosixException e) {
            if (e.is(Errno.ESRCH)) {
                return Optional.empty();
            }
            throw e;
        }
        // opened first and compared after: from here on the number cannot be somebody else's
        if (startTime(process.pid())
                .filter(start -> start == process.startTime())
                .isPresent()) {
            return Optional.of(fd);
        }
        fd.close();
        return Optional.empty();
    }

    private static Optional<Long> startTime(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            if (fields[0].equals("Z") || fields[0].equals("X")) {
                return Optional.empty();
            }
            return Optional.of(Long.parseLong(fields[START_TIME - 3]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
