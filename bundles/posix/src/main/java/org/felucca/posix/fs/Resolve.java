package org.felucca.posix.fs;

/** How {@link Dir#openIn} may walk a path; {@code openat2(2)}. */
public final class Resolve {

    /** Stay on the file system of the directory. */
    public static final int NO_XDEV = 0x01;
    /** No magic links of procfs. */
    public static final int NO_MAGICLINKS = 0x02;
    /** No links at all. */
    public static final int NO_SYMLINKS = 0x04;
    /** A path that would leave the directory is refused with EXDEV. */
    public static final int BENEATH = 0x08;
    /** The directory is the root: "/" and ".." and links stay inside. */
    public static final int IN_ROOT = 0x10;

    /** What every walk inside a container's or a layer's root uses. */
    public static final int CONTAINED = IN_ROOT | NO_MAGICLINKS;

    private Resolve() {}
}
