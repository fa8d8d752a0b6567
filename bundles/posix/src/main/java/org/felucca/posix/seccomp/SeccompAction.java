package org.felucca.posix.seccomp;

/**
 * What the kernel does with a call, as the filter's return value.
 *
 * @param code {@code SECCOMP_RET_*} with its data
 */
public record SeccompAction(int code) {

    public static final SeccompAction KILL_PROCESS = new SeccompAction(0x80000000);
    public static final SeccompAction KILL_THREAD = new SeccompAction(0);
    public static final SeccompAction TRAP = new SeccompAction(0x00030000);
    public static final SeccompAction NOTIFY = new SeccompAction(0x7fc00000);
    public static final SeccompAction LOG = new SeccompAction(0x7ffc0000);
    public static final SeccompAction ALLOW = new SeccompAction(0x7fff0000);

    private static final int ERRNO = 0x00050000;
    private static final int TRACE = 0x7ff00000;
    private static final int DATA = 0xFFFF;

    /** The call fails with this error number. */
    public static SeccompAction errno(int value) {
        return new SeccompAction(ERRNO | requireData(value));
    }

    /** A tracer is told, with this message. */
    public static SeccompAction trace(int message) {
        return new SeccompAction(TRACE | requireData(message));
    }

    private static int requireData(int value) {
        if (value < 0 || value > DATA) {
            throw new IllegalArgumentException("not a 16-bit value: " + value);
        }
        return value;
    }

    /** Whether the call is carried out without anybody's consent. */
    boolean permits() {
        return equals(ALLOW) || equals(LOG);
    }
}
