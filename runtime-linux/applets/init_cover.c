/*
 * Paths hidden from the program (MASK) or shown read-only (READONLY). What covers a file is the
 * container's /dev/null only after its type and number were checked through the very descriptor
 * that is used (CVE-2025-31133).
 */
#define _GNU_SOURCE
#include "init.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/rootpath.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int open_null(struct init *init)
{
    cleanup_fd int fd = rootpath_open(init->mounts.root, "/dev/null", O_PATH | O_NOFOLLOW);
    struct stat st;

    if (fd < 0)
        return fail(&init->failure, -fd, "cannot open /dev/null in the root");
    if (fstat(fd, &st) < 0)
        return fail(&init->failure, errno, "cannot stat /dev/null in the root");
    if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
        return fail_plain(&init->failure, ENODEV, "/dev/null in the root is not device 1:3");
    return steal_fd(&fd);
}

/* a new mount of what cover refers to, put over target */
static int put_over(int cover, int target)
{
    cleanup_fd int tree = k_open_tree(
        cover, "", K_AT_EMPTY_PATH | K_OPEN_TREE_CLONE | (unsigned)O_CLOEXEC);

    return tree < 0 ? tree : k_move_mount(tree, target, "");
}

/*
 * Covers a directory with the empty one. The first directory gets the mount itself: before 6.15 the
 * kernel clones a mount only once it is attached.
 */
static int put_empty_over(struct init *init, int *empty, int target)
{
    struct wire_list none = {.count = 0};

    if (*empty >= 0)
        return put_over(*empty, target);
    *empty = mounts_make("tmpfs", "tmpfs", none, K_MOUNT_ATTR_RDONLY, &init->failure);
    return *empty < 0 ? *empty : k_move_mount(*empty, target, "");
}

static int mask_one(struct init *init, const char *path, int *null, int *empty)
{
    cleanup_fd int target = rootpath_open(init->mounts.root, path, O_PATH);
    struct stat st;
    int rc;

    if (target == -ENOENT || target == -ENOTDIR)
        return 0;
    if (target < 0)
        return fail(&init->failure, -target, "cannot mask %s", path);
    if (fstat(target, &st) < 0)
        return fail(&init->failure, errno, "cannot mask %s", path);
    if (!S_ISDIR(st.st_mode) && *null < 0) {
        *null = open_null(init);
        if (*null < 0)
            return *null;
    }
    rc = S_ISDIR(st.st_mode) ? put_empty_over(init, empty, target) : put_over(*null, target);
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot mask %s", path);
    return 0;
}

int init_mask(struct init *init, struct wire_reader *args)
{
    struct wire_list paths = wire_list(args);
    cleanup_fd int null = -1;
    cleanup_fd int empty = -1;

    for (const char *path = wire_next(&paths); path; path = wire_next(&paths)) {
        int rc = mask_one(init, path, &null, &empty);

        if (rc < 0)
            return rc;
    }
    return 0;
}

static int readonly_one(struct init *init, const char *path)
{
    struct k_mount_attr attr = {.attr_set = K_MOUNT_ATTR_RDONLY};
    cleanup_fd int target = rootpath_open(init->mounts.root, path, O_PATH);
    cleanup_fd int tree = -1;
    int rc;

    if (target == -ENOENT || target == -ENOTDIR)
        return 0;
    if (target < 0)
        return fail(&init->failure, -target, "cannot make %s read-only", path);
    tree = k_open_tree(target, "", K_AT_EMPTY_PATH | K_AT_RECURSIVE | K_OPEN_TREE_CLONE |
                                       (unsigned)O_CLOEXEC);
    rc = tree < 0 ? tree : k_mount_setattr(tree, K_AT_RECURSIVE, &attr);
    if (rc == 0)
        rc = k_move_mount(tree, target, "");
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot make %s read-only", path);
    return 0;
}

int init_readonly(struct init *init, struct wire_reader *args)
{
    struct wire_list paths = wire_list(args);

    for (const char *path = wire_next(&paths); path; path = wire_next(&paths)) {
        int rc = readonly_one(init, path);

        if (rc < 0)
            return rc;
    }
    return 0;
}
