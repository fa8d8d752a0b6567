package org.felucca.posix.mount;

/** Attributes of one mount: {@code MOUNT_ATTR_*}. */
public final class MountAttributes {

    public static final long RDONLY = 0x1;
    public static final long NOSUID = 0x2;
    public static final long NODEV = 0x4;
    public static final long NOEXEC = 0x8;
    /** The field of the access time's modes; clear it when one of them is set. */
    public static final long ATIME = 0x70;

    public static final long RELATIME = 0x0;
    public static final long NOATIME = 0x10;
    public static final long STRICTATIME = 0x20;
    public static final long NODIRATIME = 0x80;
    public static final long IDMAP = 0x100000;
    public static final long NOSYMFOLLOW = 0x200000;

    private MountAttributes() {}
}
