/* The root file system: attach it, change to it, attach mounts below it. */
#define _GNU_SOURCE
#include "init.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/rootpath.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int set_attr(int fd, const struct k_mount_attr *attr, uint32_t flags)
{
    return k_mount_setattr(fd, flags & ATTR_RECURSIVE ? K_AT_RECURSIVE : 0, attr);
}

int init_propagation(struct init *init, struct wire_reader *args)
{
    struct k_mount_attr attr = {.propagation = wire_u64(args)};
    uint32_t flags = wire_u32(args);
    cleanup_fd int fd = init->mounts.root >= 0
                            ? rootpath_open(init->mounts.root, "/", O_PATH | O_DIRECTORY)
                            : open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 ? -errno : set_attr(fd, &attr, flags);

    if (rc < 0)
        return fail(&init->failure, -rc, "cannot set propagation of the mount tree");
    return 0;
}

/*
 * The detached mount is put over the host's "/" of this mount namespace: a place that always
 * exists and that needs no directory made on the host. Lookups of "/" do not cross a mount that
 * lies on the process's own root, so host paths keep working until PIVOT.
 */
int init_attach_root(struct init *init, struct wire_reader *args)
{
    int mount = init->mounts.slots[wire_u32(args)];
    int rc = k_move_mount(mount, AT_FDCWD, "/");

    if (rc < 0)
        return fail(&init->failure, -rc, "cannot attach the root file system");
    init->mounts.root = mount;
    return 0;
}

/*
 * Where the host's root is an initramfs there is nothing to pivot: the root file system lies over
 * "/" already, and chroot makes it the process's own. The host's tree stays mounted beneath it.
 */
static int chroot_only(struct init *init)
{
    if (chroot(".") < 0 || chdir("/") < 0)
        return fail(&init->failure, errno, "cannot change to the root file system");
    return 0;
}

/*
 * pivot_root(".", ".") stacks the old root over the new one at the same place; it is left by
 * descriptor and detached from there (runc's way, works on a read-only root).
 */
int init_pivot(struct init *init, struct wire_reader *args)
{
    cleanup_fd int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int rc;

    (void)args;
    if (old < 0)
        return fail(&init->failure, errno, "cannot open the host's root");
    if (fchdir(init->mounts.root) < 0)
        return fail(&init->failure, errno, "cannot enter the root file system");
    if (init->no_pivot)
        return chroot_only(init);
    rc = k_pivot_root(".", ".");
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot pivot to the root file system");
    if (fchdir(old) < 0 || umount2(".", MNT_DETACH) < 0)
        return fail(&init->failure, errno, "cannot detach the host's root");
    if (chdir("/") < 0)
        return fail(&init->failure, errno, "cannot enter the new root");
    return 0;
}

/* with both flags the target is made of the kind that the mount's root is */
static char target_kind(int mount, uint32_t flags)
{
    struct stat st;

    if ((flags & ATTACH_CREATE_DIR) && (flags & ATTACH_CREATE_FILE))
        return fstat(mount, &st) == 0 && !S_ISDIR(st.st_mode) ? 'f' : 'd';
    return flags & ATTACH_CREATE_DIR ? 'd' : flags & ATTACH_CREATE_FILE ? 'f' : 0;
}

int init_attach(struct init *init, struct wire_reader *args)
{
    int mount = init->mounts.slots[wire_u32(args)];
    const char *target = wire_string(args);
    uint32_t flags = wire_u32(args);
    char make = target_kind(mount, flags);
    cleanup_fd int fd = rootpath_target(init->mounts.root, target, make,
                                        flags & ATTACH_NOFOLLOW ? O_NOFOLLOW : 0,
                                        &init->failure);
    int rc;

    if (fd < 0)
        return fd;
    rc = k_move_mount(mount, fd, "");
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot attach mount %s", target);
    return 0;
}

int init_path_attr(struct init *init, struct wire_reader *args)
{
    const char *path = wire_string(args);
    struct k_mount_attr attr = {.attr_set = 0};
    cleanup_fd int fd = rootpath_open(init->mounts.root, path, O_PATH);
    int rc = fd;

    attr.attr_set = wire_u64(args);
    attr.attr_clr = wire_u64(args);
    attr.propagation = wire_u64(args);
    if (fd >= 0)
        rc = set_attr(fd, &attr, wire_u32(args));
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot set attributes of mount %s", path);
    return 0;
}
