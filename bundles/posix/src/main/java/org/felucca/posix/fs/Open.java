package org.felucca.posix.fs;

/** Flags of {@link Dir#open} and {@link Dir#openIn}. {@code O_CLOEXEC} is not among them: it is always set. */
public final class Open {

    public static final int RDONLY = 0;
    public static final int WRONLY = 1;
    public static final int RDWR = 2;
    public static final int CREAT = 0100;
    public static final int EXCL = 0200;
    public static final int NOCTTY = 0400;
    public static final int TRUNC = 01000;
    public static final int APPEND = 02000;
    public static final int NONBLOCK = 04000;
    public static final int DIRECT = 040000;
    public static final int DIRECTORY = 0200000;
    public static final int NOFOLLOW = 0400000;
    public static final int NOATIME = 01000000;
    /** A handle of the file's place only: for {@code *at} calls and {@link Fd#procPath}. */
    public static final int PATH = 010000000;
    /** A file without a name in the given directory. */
    public static final int TMPFILE = 020200000;

    static final int CLOEXEC = 02000000;

    private Open() {}
}
