#define _GNU_SOURCE
#include "init.h"

#include "hook.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/rootpath.h"
#include "lib/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static void report(struct init *init, enum sync_type type, int err, const char *text)
{
    struct sync_frame frame = {
        .version = SYNC_VERSION,
        .type = (uint16_t)type,
        .op = init->op,
        .code = init->op < init->plan->count ? init->plan->ops[init->op].code : 0,
        .value = err,
    };

    snprintf(frame.text, sizeof frame.text, "%s", text);
    /* a monitor that is gone reads no report; PDEATHSIG or end of file ends this process */
    if (sync_send(init->sync, &frame, -1) < 0)
        _exit(1);
}

void init_fail(struct init *init, int err)
{
    report(init, SYNC_ERROR, err, init->failure.text);
    _exit(1);
}

void init_warn(struct init *init, int err, const char *text)
{
    report(init, SYNC_WARNING, err, text);
}

/* sends a frame and waits for GO, or for the ERROR that the monitor met on its side */
static int request(struct init *init, enum sync_type type)
{
    struct sync_frame frame;
    cleanup_fd int fd = -1;
    int rc;

    report(init, type, 0, "");
    rc = sync_receive(init->sync, &frame, &fd);
    if (rc < 0)
        return fail(&init->failure, -rc, "monitor is gone");
    if (frame.type == SYNC_GO) {
        init->host_pid = frame.value;
        return 0;
    }
    return fail_plain(&init->failure, frame.value ? frame.value : EPROTO, "%s", frame.text);
}

int init_meet(struct init *init)
{
    return request(init, SYNC_ARRIVED);
}

int init_ask(struct init *init)
{
    return request(init, SYNC_ASK);
}

int init_hand_listener(struct init *init, int fd)
{
    struct sync_frame frame = {
        .version = SYNC_VERSION,
        .type = SYNC_LISTENER,
        .op = init->op,
        .code = OP_SECCOMP,
        .value = fd,
    };
    ssize_t n = write(init->sync, &frame, sizeof frame);

    if (n == (ssize_t)sizeof frame)
        n = read(init->sync, &frame, sizeof frame);
    if (n <= 0)
        return fail(&init->failure, n < 0 ? errno : EPIPE, "monitor is gone");
    return 0;
}

/* the container's /proc, when it is procfs and its very root */
static int checked_proc(struct init *init)
{
    int root = init->mounts.root;
    cleanup_fd int fd = root >= 0 ? rootpath_open(root, "/proc", O_PATH | O_DIRECTORY)
                                  : open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct statfs fs;
    struct stat st;

    if (fd < 0)
        return root >= 0 ? fd : -errno;
    if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
        return -errno;
    if (fs.f_type != K_PROC_SUPER_MAGIC || st.st_ino != K_PROC_ROOT_INO)
        return -EXDEV;
    return steal_fd(&fd);
}

int init_proc(struct init *init)
{
    struct wire_list none = {.count = 0};
    struct failure ignored;

    if (init->mounts.proc >= 0)
        return init->mounts.proc;
    if (init->own_proc < 0)
        init->own_proc = mounts_make("proc", "proc", none,
                                     K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NODEV |
                                         K_MOUNT_ATTR_NOEXEC, &ignored);
    if (init->own_proc < 0)
        init->own_proc = checked_proc(init);
    return init->own_proc;
}

int init_open_proc(struct init *init, const char *path, int flags)
{
    int proc = init_proc(init);

    if (proc < 0)
        return proc;
    return k_openat2(proc, path, (uint64_t)flags | O_CLOEXEC, 0,
                     K_RESOLVE_BENEATH | K_RESOLVE_NO_XDEV | K_RESOLVE_NO_SYMLINKS |
                         K_RESOLVE_NO_MAGICLINKS);
}

static int sync_op(struct init *init, struct wire_reader *args)
{
    (void)args;
    return init_meet(init);
}

/*
 * Without a monitor whoever starts the container connects, and is the other end of the channel
 * from here on; the maker has seen ARRIVED and may be gone.
 */
static int await_start(struct init *init)
{
    struct sync_frame frame;
    cleanup_fd int unused = -1;
    int fd;
    int rc;

    close_fd_at(&init->sync);
    do
        fd = accept4(init->start, NULL, NULL, SOCK_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    if (fd < 0)
        _exit(1);
    init->sync = fd;
    close_fd_at(&init->start);
    rc = sync_receive(init->sync, &frame, &unused);
    return rc < 0 || frame.type != SYNC_GO ? fail(&init->failure, EPROTO, "cannot start") : 0;
}

/* With AUTOSTART nobody waits: the barrier is only met when the monitor owes something. */
static int park_op(struct init *init, struct wire_reader *args)
{
    int rc;

    (void)args;
    if (init->autostart && !init->plan->park_meets)
        return 0;
    if (init->start < 0)
        return init_meet(init);
    rc = init_check_program(init);
    if (rc == 0)
        rc = init_place_stdio(init); /* with a console: whoever reads the maker's output sees its end */
    if (rc == 0)
        rc = init_meet(init);
    return rc == 0 ? await_start(init) : rc;
}

static int hook_op(struct init *init, struct wire_reader *args)
{
    const struct plan_op *op = &init->plan->ops[init->op];

    (void)args;
    return hook_run(op, init->host_pid, &init->failure);
}

static int mounts_op(struct init *init, struct wire_reader *args)
{
    (void)args;
    return mounts_run(&init->mounts, &init->plan->ops[init->op], &init->failure);
}

/* the monitor's operations have no entry */
static init_op *const operations[OP_CODE_LIMIT] = {
    [OP_OPEN_TREE] = mounts_op,
    [OP_MOUNT_ATTR] = mounts_op,
    [OP_FS_MOUNT] = mounts_op,
    [OP_CHECK_NODE] = mounts_op,
    [OP_ROOT_IDS] = init_root_ids,
    [OP_UNSHARE] = init_unshare,
    [OP_SYNC] = sync_op,
    [OP_PARK] = park_op,
    [OP_HOSTNAME] = init_hostname,
    [OP_DOMAINNAME] = init_domainname,
    [OP_LOOPBACK_UP] = init_loopback_up,
    [OP_SYSCTL] = init_sysctl,
    [OP_TIME_OFFSETS] = init_time_offsets,
    [OP_KEYRING] = init_keyring,
    [OP_PROPAGATION] = init_propagation,
    [OP_ROOT] = init_attach_root,
    [OP_PIVOT] = init_pivot,
    [OP_ATTACH] = init_attach,
    [OP_PATH_ATTR] = init_path_attr,
    [OP_MKDIR] = init_mkdir,
    [OP_SYMLINK] = init_symlink,
    [OP_MKNOD] = init_mknod,
    [OP_MASK] = init_mask,
    [OP_READONLY] = init_readonly,
    [OP_COPY_UP] = init_copy_up,
    [OP_CONSOLE] = init_make_console,
    [OP_RLIMIT] = init_rlimit,
    [OP_OOM_SCORE_ADJ] = init_oom_score_adj,
    [OP_UMASK] = init_umask,
    [OP_CWD] = init_cwd,
    [OP_PERSONALITY] = init_personality,
    [OP_SCHEDULER] = init_scheduler,
    [OP_IO_PRIORITY] = init_io_priority,
    [OP_CPU_AFFINITY] = init_cpu_affinity,
    [OP_LABEL] = init_label,
    [OP_NO_NEW_PRIVS] = init_no_new_privs,
    [OP_SECCOMP] = init_seccomp,
    [OP_CREDENTIALS] = init_credentials,
    [OP_PRESERVE] = init_preserve,
    [OP_EXEC] = init_exec,
    [OP_MEMORY_POLICY] = init_memory_policy,
};

static init_op *operation_of(const struct plan_op *op)
{
    if (op->code == OP_HOOK) {
        uint32_t stage = plan_hook_stage(op);

        return stage == HOOK_CREATE_CONTAINER || stage == HOOK_START_CONTAINER ? hook_op : NULL;
    }
    return operations[op->code];
}

/*
 * SECCOMP directly before EXEC is the program's own filter: everything that may need another
 * system call is done first, so that the filter has to allow no more than write and execve.
 */
static int before_op(struct init *init, const struct plan_op *op)
{
    if (op->code == OP_SECCOMP && init->op + 1 == init->plan->exec)
        return init_make_ready(init);
    return 0;
}

void init_run(struct init *init, uint32_t first)
{
    umask(022);
    for (init->op = first; init->op <= init->plan->exec; init->op++) {
        const struct plan_op *op = &init->plan->ops[init->op];
        init_op *run = operation_of(op);
        struct wire_reader args = plan_args(op);
        int rc;

        if (!run)
            continue;
        rc = before_op(init, op);
        if (rc == 0)
            rc = run(init, &args);
        if (rc < 0 && (op->flags & OP_OPTIONAL))
            init_warn(init, -rc, init->failure.text);
        else if (rc < 0)
            init_fail(init, -rc);
    }
    _exit(1); /* not reached: EXEC does not return 0 */
}
