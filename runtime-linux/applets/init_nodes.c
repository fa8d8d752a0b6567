/* Directories, links and device nodes made inside the root. */
#define _GNU_SOURCE
#include "init.h"
#include "lib/fd.h"
#include "lib/rootpath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int init_mkdir(struct init *init, struct wire_reader *args)
{
    const char *path = wire_string(args);
    mode_t mode = wire_u32(args);
    uid_t uid = wire_u32(args);
    gid_t gid = wire_u32(args);
    const char *name;
    cleanup_fd int existing = rootpath_open(init->mounts.root, path, O_PATH | O_DIRECTORY);
    cleanup_fd int parent = -1;

    if (existing >= 0)
        return 0;
    if (existing != -ENOENT)
        return fail(&init->failure, -existing, "cannot make directory %s", path);
    parent = rootpath_parent(init->mounts.root, path, &name, &init->failure);
    if (parent < 0)
        return parent;
    if (mkdirat(parent, name, 0700) < 0 || fchownat(parent, name, uid, gid, AT_SYMLINK_NOFOLLOW) ||
        fchmodat(parent, name, mode & 07777, 0) < 0)
        return fail(&init->failure, errno, "cannot make directory %s", path);
    return 0;
}

int init_symlink(struct init *init, struct wire_reader *args)
{
    const char *text = wire_string(args);
    const char *path = wire_string(args);
    char present[PATH_MAX];
    const char *name;
    cleanup_fd int parent = rootpath_parent(init->mounts.root, path, &name, &init->failure);
    ssize_t n;

    if (parent < 0)
        return parent;
    if (symlinkat(text, parent, name) == 0)
        return 0;
    if (errno != EEXIST)
        return fail(&init->failure, errno, "cannot make link %s", path);
    n = readlinkat(parent, name, present, sizeof present);
    if (n < 0 || (size_t)n != strlen(text) || memcmp(present, text, (size_t)n) != 0)
        return fail(&init->failure, EEXIST, "cannot make link %s", path);
    return 0;
}

/* the node must be what was asked for, whoever made it */
static int check_present(int parent, const char *name, mode_t mode, dev_t device)
{
    struct stat st;

    if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if ((st.st_mode & S_IFMT) != (mode & S_IFMT))
        return -EEXIST;
    if ((S_ISCHR(mode) || S_ISBLK(mode)) && st.st_rdev != device)
        return -EEXIST;
    return 0;
}

int init_mknod(struct init *init, struct wire_reader *args)
{
    const char *path = wire_string(args);
    mode_t mode = wire_u32(args);
    uint32_t major = wire_u32(args);
    uint32_t minor = wire_u32(args);
    dev_t device = makedev(major, minor); /* a macro: evaluates its arguments twice */
    uid_t uid = wire_u32(args);
    gid_t gid = wire_u32(args);
    const char *name;
    cleanup_fd int parent = rootpath_parent(init->mounts.root, path, &name, &init->failure);

    if (parent < 0)
        return parent;
    if (mknodat(parent, name, mode, device) < 0) {
        int rc = errno == EEXIST ? check_present(parent, name, mode, device) : -errno;

        if (rc < 0)
            return fail(&init->failure, -rc, "cannot make node %s", path);
        return 0;
    }
    if (fchownat(parent, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ||
        fchmodat(parent, name, mode & 07777, 0) < 0)
        return fail(&init->failure, errno, "cannot set owner and mode of node %s", path);
    return 0;
}
