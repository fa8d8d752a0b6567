/*
 * The terminal: a pty of the container's own devpts. Nothing is opened by a name that the
 * container could have replaced without being checked: ptmx must lie on devpts and be 5:2, the
 * slave comes from TIOCGPTPEER and not from a path (CVE-2025-52565).
 */
#define _GNU_SOURCE
#include "init.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/rootpath.h"
#include "lib/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441 /* 4.13 */
#endif

static int open_master(struct init *init)
{
    cleanup_fd int fd = rootpath_open(init->mounts.root, "/dev/pts/ptmx", O_RDWR | O_NOCTTY);
    struct statfs fs;
    struct stat st;
    int unlock = 0;

    if (fd < 0)
        return fail(&init->failure, -fd, "cannot open /dev/pts/ptmx in the root");
    if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
        return fail(&init->failure, errno, "cannot stat /dev/pts/ptmx in the root");
    if (fs.f_type != K_DEVPTS_SUPER_MAGIC || !S_ISCHR(st.st_mode) || st.st_rdev != makedev(5, 2))
        return fail_plain(&init->failure, ENODEV, "/dev/pts/ptmx in the root is no pty master");
    if (ioctl(fd, TIOCSPTLCK, &unlock) < 0)
        return fail(&init->failure, errno, "cannot unlock the console");
    return steal_fd(&fd);
}

static int open_slave(struct init *init, int master, const struct winsize *size, uid_t uid,
                      gid_t gid)
{
    cleanup_fd int fd = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (fd < 0)
        return fail(&init->failure, errno, "cannot open the console");
    if ((size->ws_row || size->ws_col) && ioctl(fd, TIOCSWINSZ, size) < 0)
        return fail(&init->failure, errno, "cannot set the size of the console");
    if (fchown(fd, uid, gid) < 0)
        return fail(&init->failure, errno, "cannot set the owner of the console");
    return steal_fd(&fd);
}

static int bind_console(struct init *init, int slave)
{
    cleanup_fd int tree = k_open_tree(
        slave, "", K_AT_EMPTY_PATH | K_OPEN_TREE_CLONE | (unsigned)O_CLOEXEC);
    cleanup_fd int target = -1;
    int rc;

    if (tree < 0)
        return fail(&init->failure, -tree, "cannot bind the console");
    target = rootpath_target(init->mounts.root, "/dev/console", 'f', O_NOFOLLOW, &init->failure);
    if (target < 0)
        return target;
    rc = k_move_mount(tree, target, "");
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot bind the console to /dev/console");
    return 0;
}

/* the master leaves to the monitor; this process keeps the slave only */
static int hand_over(struct init *init, int master)
{
    struct sync_frame frame = {.version = SYNC_VERSION, .type = SYNC_CONSOLE, .op = init->op};
    int rc = sync_send(init->sync, &frame, master);

    return rc < 0 ? fail(&init->failure, -rc, "cannot hand over the console") : 0;
}

int init_make_console(struct init *init, struct wire_reader *args)
{
    struct winsize size = {.ws_row = 0};
    cleanup_fd int master = open_master(init);
    cleanup_fd int slave = -1;
    uint32_t uid;
    uint32_t gid;
    int rc = 0;

    size.ws_row = (unsigned short)wire_u32(args);
    size.ws_col = (unsigned short)wire_u32(args);
    uid = wire_u32(args);
    gid = wire_u32(args);
    if (master < 0)
        return master;
    slave = open_slave(init, master, &size, uid, gid);
    if (slave < 0)
        return slave;
    if (wire_u32(args) & CONSOLE_BIND)
        rc = bind_console(init, slave);
    if (rc == 0)
        rc = hand_over(init, master);
    if (rc < 0)
        return rc;
    init->stdio[0] = init->stdio[1] = init->stdio[2] = steal_fd(&slave);
    init->console = true;
    return 0;
}
