package org.felucca.posix.fs;

/**
 * The kernel refused a call. Used inside providers; a class at a contract's boundary turns it into the contract's own
 * exception, with the subject it knows about.
 */
public final class PosixException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String message;
    private final int value;
    private final String operation;
    private final String path;

    /**
     * @param value the error number
     * @param operation the system call's name
     * @param path what it was applied to, as the caller named it; empty if there is nothing to name
     */
    public PosixException(int value, String operation, String path) {
        this(value, operation, path, "");
    }

    /** @param detail what the kernel said beyond the number, as the log of a mount context; empty if nothing */
    public PosixException(int value, String operation, String path, String detail) {
        this.message = message(value, operation, path, detail);
        this.value = value;
        this.operation = operation;
        this.path = path;
    }

    private static String message(int value, String operation, String path, String detail) {
        Errno errno = Errno.of(value);
        StringBuilder text = new StringBuilder(operation);
        if (!path.isEmpty()) {
            text.append(' ').append(path);
        }
        text.append(": ").append(errno == Errno.OTHER ? "error " + value : errno.text() + " (" + errno + ")");
        if (!detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        return text.toString();
    }

    /** {@code <operation> <path>: <text> (<errno>)}, and what the kernel said beyond it. */
    @Override
    public String getMessage() {
        return message;
    }

    public Errno errno() {
        return Errno.of(value);
    }

    /** The bare number, also for those that {@link Errno} has no name for. */
    public int errnoValue() {
        return value;
    }

    public boolean is(Errno errno) {
        return value == errno.value();
    }

    public String operation() {
        return operation;
    }

    public String path() {
        return path;
    }
}
