package org.felucca.runtime.plan;

/** Bits of mounts: {@code MOUNT_ATTR_*} for attributes and {@code MS_*} for propagation, as plans carry them. */
public final class MountBits {
    public static final long RDONLY = 0x1;
    public static final long NOSUID = 0x2;
    public static final long NODEV = 0x4;
    public static final long NOEXEC = 0x8;
    /** The field of the access time's modes; cleared when one of them is set. */
    public static final long ATIME = 0x70;

    public static final long NOATIME = 0x10;
    public static final long STRICTATIME = 0x20;
    public static final long NODIRATIME = 0x80;
    public static final long IDMAP = 0x100000;
    public static final long NOSYMFOLLOW = 0x200000;

    public static final long UNBINDABLE = 1 << 17;
    public static final long PRIVATE = 1 << 18;
    public static final long SLAVE = 1 << 19;
    public static final long SHARED = 1 << 20;

    private MountBits() {}
}
