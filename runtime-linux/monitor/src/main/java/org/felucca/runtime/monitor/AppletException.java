package org.felucca.runtime.monitor;

import org.felucca.posix.fs.Errno;
import org.felucca.runtime.plan.wire.WireReader;

/**
 * Spawn or a monitor answered ERROR. Used inside the backend; what crosses its contract names the container as well.
 */
public final class AppletException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int operation;
    private final int opcode;
    private final int errno;

    /**
     * @param operation index of the operation in the plan that failed; -1 if it was none
     * @param opcode its number
     * @param errno why
     * @param text {@code <what> <subject>: <reason>}
     */
    public AppletException(int operation, int opcode, int errno, String text) {
        super(text);
        this.operation = operation;
        this.opcode = opcode;
        this.errno = errno;
    }

    /** The same failure, seen by the thread that waited for it. */
    AppletException(AppletException failure) {
        super(failure.text(), failure);
        this.operation = failure.operation;
        this.opcode = failure.opcode;
        this.errno = failure.errno;
    }

    static AppletException read(WireReader arguments) {
        int operation = arguments.u32();
        int opcode = arguments.u32();
        int errno = arguments.u32();
        return new AppletException(operation, opcode, errno, arguments.string());
    }

    /** Returns the index of the failed operation in its plan; -1 if it was none. */
    public int operation() {
        return operation;
    }

    /** Returns the number of the failed operation. */
    public int opcode() {
        return opcode;
    }

    /** Returns why. */
    public Errno errno() {
        return Errno.of(errno);
    }

    /** Returns the text, which is never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
