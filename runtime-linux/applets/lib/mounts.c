#define _GNU_SOURCE
#include "mounts.h"

#include "fd.h"
#include "kernel.h"
#include "rootpath.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int open_tree_op(struct mounts *mounts, struct wire_reader *args, struct failure *failure)
{
    uint32_t slot = wire_u32(args);
    const char *path = wire_string(args);
    uint32_t flags = wire_u32(args);
    unsigned how = K_OPEN_TREE_CLONE | O_CLOEXEC;
    int fd;

    if (flags & TREE_RECURSIVE)
        how |= K_AT_RECURSIVE;
    if (mounts->root >= 0) {
        cleanup_fd int at = rootpath_open(
            mounts->root, path, O_PATH | (flags & TREE_NOFOLLOW ? O_NOFOLLOW : 0));

        fd = at < 0 ? at : k_open_tree(at, "", how | K_AT_EMPTY_PATH);
    } else {
        fd = k_open_tree(AT_FDCWD, path,
                         how | (flags & TREE_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0));
    }
    if (fd < 0)
        return fail(failure, -fd, "cannot open mount source %s", path);
    mounts->slots[slot] = fd;
    return 0;
}

static int mount_attr_op(struct mounts *mounts, struct wire_reader *args, struct failure *failure)
{
    uint32_t slot = wire_u32(args);
    struct k_mount_attr attr = {.attr_set = 0};
    uint32_t flags;
    uint32_t userns;
    int rc;

    attr.attr_set = wire_u64(args);
    attr.attr_clr = wire_u64(args);
    attr.propagation = wire_u64(args);
    flags = wire_u32(args);
    userns = wire_u32(args);
    if (userns != PLAN_NO_SLOT) {
        attr.attr_set |= K_MOUNT_ATTR_IDMAP;
        attr.userns_fd = (uint64_t)mounts->slots[userns];
    }
    rc = k_mount_setattr(mounts->slots[slot], flags & ATTR_RECURSIVE ? K_AT_RECURSIVE : 0, &attr);
    if (rc < 0)
        return fail(failure, -rc, "cannot set attributes of the mount in slot %u", slot);
    return 0;
}

/* the kernel's own words about a failed configuration, "e overlay: ...", where it has any */
static int configuration_error(int fs, int err, const char *fstype, const char *what,
                               struct failure *failure)
{
    char words[128];
    ssize_t n = read(fs, words, sizeof words - 1);

    if (n <= 2)
        return fail(failure, err, "cannot mount %s (%s)", fstype, what);
    words[n] = '\0';
    words[strcspn(words, "\n")] = '\0';
    return fail(failure, err, "cannot mount %s (%s): %s", fstype, what, words + 2);
}

static int configure(int fs, const char *option)
{
    const char *equals = strchr(option, '=');
    char key[64];

    if (!equals)
        return k_fsconfig(fs, K_FSCONFIG_SET_FLAG, option, NULL);
    if ((size_t)(equals - option) >= sizeof key)
        return -EINVAL;
    memcpy(key, option, (size_t)(equals - option));
    key[equals - option] = '\0';
    return k_fsconfig(fs, K_FSCONFIG_SET_STRING, key, equals + 1);
}

int mounts_make(const char *fstype, const char *source, struct wire_list options, uint64_t attrs,
                struct failure *failure)
{
    cleanup_fd int fs = k_fsopen(fstype);
    int rc = 0;

    if (fs < 0)
        return fail(failure, -fs, "cannot open file system %s", fstype);
    if (*source)
        rc = k_fsconfig(fs, K_FSCONFIG_SET_STRING, "source", source);
    if (rc < 0)
        return configuration_error(fs, -rc, fstype, source, failure);
    for (const char *option = wire_next(&options); option; option = wire_next(&options)) {
        rc = configure(fs, option);
        if (rc < 0)
            return configuration_error(fs, -rc, fstype, option, failure);
    }
    rc = k_fsconfig(fs, K_FSCONFIG_CMD_CREATE, NULL, NULL);
    if (rc < 0)
        return configuration_error(fs, -rc, fstype, "create", failure);
    rc = k_fsmount(fs, attrs);
    if (rc < 0)
        return configuration_error(fs, -rc, fstype, "mount", failure);
    return rc;
}

static int fs_mount_op(struct mounts *mounts, struct wire_reader *args, struct failure *failure)
{
    uint32_t slot = wire_u32(args);
    const char *fstype = wire_string(args);
    const char *source = wire_string(args);
    struct wire_list options = wire_list(args);
    int fd = mounts_make(fstype, source, options, wire_u64(args), failure);

    if (fd < 0)
        return fd;
    mounts->slots[slot] = fd;
    if (strcmp(fstype, "proc") == 0)
        mounts->proc = fd;
    return 0;
}

static int check_node_op(struct mounts *mounts, struct wire_reader *args, struct failure *failure)
{
    uint32_t slot = wire_u32(args);
    uint32_t type = wire_u32(args);
    uint32_t major = wire_u32(args);
    uint32_t minor = wire_u32(args);
    struct stat st;

    if (fstat(mounts->slots[slot], &st) < 0)
        return fail(failure, errno, "cannot stat slot %u", slot);
    if ((st.st_mode & S_IFMT) != type)
        return fail_plain(failure, EINVAL, "slot %u is of type %#o, not %#o", slot,
                          st.st_mode & S_IFMT, type);
    if ((S_ISCHR(type) || S_ISBLK(type)) && st.st_rdev != makedev(major, minor))
        return fail_plain(failure, ENODEV, "slot %u is device %u:%u, not %u:%u", slot,
                          major(st.st_rdev), minor(st.st_rdev), major, minor);
    return 0;
}

int mounts_run(struct mounts *mounts, const struct plan_op *op, struct failure *failure)
{
    struct wire_reader args = plan_args(op);

    switch (op->code) {
    case OP_OPEN_TREE:
        return open_tree_op(mounts, &args, failure);
    case OP_MOUNT_ATTR:
        return mount_attr_op(mounts, &args, failure);
    case OP_FS_MOUNT:
        return fs_mount_op(mounts, &args, failure);
    default:
        return check_node_op(mounts, &args, failure);
    }
}
