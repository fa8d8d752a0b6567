package org.felucca.posix.poll;

import java.util.Optional;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/** Processes by descriptor: readable once the process has ended, and never another one. */
public final class PidFd {

    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int SIGINFO_SIZE = 128;
    private static final int CLD_EXITED = 1;

    private PidFd() {}

    /**
     * How a child ended.
     *
     * @param pid its number, as it was
     * @param signaled whether a signal ended it
     * @param value exit code, or the signal's number
     */
    public record Ending(int pid, boolean signaled, int value) {}

    /** @throws PosixException ESRCH if there is no such process */
    public static Fd open(int pid) {
        long fd = Libc.call(Syscalls.PIDFD_OPEN, pid, 0);
        if (fd < 0) {
            throw new PosixException(Libc.errno(), "pidfd_open", "process " + pid);
        }
        return Fd.adopt((int) fd);
    }

    /** Sends a signal. @return false if the process has ended and was reaped */
    public static boolean signal(Fd process, int signal) {
        long result = Libc.call(Syscalls.PIDFD_SEND_SIGNAL, process.raw(), signal, 0, 0);
        if (result < 0 && Libc.errno() == Errno.ESRCH.value()) {
            return false;
        }
        if (result < 0) {
            throw new PosixException(Libc.errno(), "pidfd_send_signal", process.toString());
        }
        return true;
    }

    /** Reaps the child if it has ended. @throws PosixException ECHILD if it is no child of this process */
    public static Optional<Ending> reap(Fd process) {
        return await(process, WEXITED | WNOHANG);
    }

    /** Waits for the child's end and reaps it. @throws PosixException ECHILD if it is no child of this process */
    public static Ending awaitEnd(Fd process) {
        return await(process, WEXITED).orElseThrow();
    }

    private static Optional<Ending> await(Fd process, int options) {
        long info = Scratch.begin().zeros(SIGINFO_SIZE);
        long result;
        do {
            result = Libc.call(Syscalls.WAITID, P_PIDFD, process.raw(), info, options, 0);
        } while (result < 0 && Libc.errno() == Errno.EINTR.value());
        if (result < 0) {
            throw new PosixException(Libc.errno(), "waitid", process.toString());
        }
        int pid = Scratch.getInt(info + 12);
        if (pid == 0) {
            return Optional.empty();
        }
        boolean signaled = Scratch.getInt(info + 8) != CLD_EXITED;
        return Optional.of(new Ending(pid, signaled, Scratch.getInt(info + 24)));
    }
}
