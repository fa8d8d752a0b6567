/* What the program inherits as a process: limits, scheduling, labels, directory, filter. */
#define _GNU_SOURCE
#include "init.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/rootpath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int clamp_rlimit(struct init *init, int resource, struct rlimit wanted)
{
    struct rlimit now;
    char text[160];

    if (getrlimit(resource, &now) < 0)
        return -errno;
    snprintf(text, sizeof text, "rlimit %d: hard limit %llu is not permitted, stays at %llu",
             resource, (unsigned long long)wanted.rlim_max, (unsigned long long)now.rlim_max);
    wanted.rlim_max = now.rlim_max;
    if (wanted.rlim_cur > wanted.rlim_max)
        wanted.rlim_cur = wanted.rlim_max;
    if (setrlimit(resource, &wanted) < 0)
        return -errno;
    init_warn(init, EPERM, text);
    return 0;
}

int init_rlimit(struct init *init, struct wire_reader *args)
{
    int resource = (int)wire_u32(args);
    struct rlimit limit = {.rlim_cur = wire_u64(args)};
    int rc;

    limit.rlim_max = wire_u64(args);
    rc = setrlimit(resource, &limit) < 0 ? -errno : 0;
    if (rc == -EPERM && (init->plan->ops[init->op].flags & OP_CLAMP))
        rc = clamp_rlimit(init, resource, limit);
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot set rlimit %d", resource);
    init->files_limited |= resource == RLIMIT_NOFILE;
    return 0;
}

/*
 * The file belongs to the host's root while this process is not dumpable, so root of a user
 * namespace cannot open it: the monitor writes it then.
 */
int init_oom_score_adj(struct init *init, struct wire_reader *args)
{
    int value = (int)wire_u32(args);
    char text[32];
    cleanup_fd int fd = -1;

    snprintf(text, sizeof text, "%d/oom_score_adj", getpid());
    fd = init_open_proc(init, text, O_WRONLY);
    if (fd < 0)
        return init_ask(init);
    snprintf(text, sizeof text, "%d", value);
    if (write(fd, text, strlen(text)) >= 0)
        return 0;
    if (errno == EACCES && (init->plan->ops[init->op].flags & OP_CLAMP)) {
        init_warn(init, EACCES, "oom_score_adj below the inherited one is not permitted");
        return 0;
    }
    return fail(&init->failure, errno, "cannot set oom_score_adj to %d", value);
}

int init_umask(struct init *init, struct wire_reader *args)
{
    (void)init;
    umask(wire_u32(args));
    return 0;
}

/*
 * A working directory that is not below the root would be a way out (CVE-2024-21626): the kernel
 * then shows it as "(unreachable)".
 */
int init_cwd(struct init *init, struct wire_reader *args)
{
    const char *path = wire_string(args);
    uint32_t flags = wire_u32(args);
    char present[PATH_MAX];
    int rc;

    if (init->cwd_entered)
        return 0;
    rc = chdir(path) < 0 ? -errno : 0;
    if (rc == -ENOENT && (flags & CWD_CREATE)) {
        int root = init->mounts.root;
        cleanup_fd int fd = rootpath_target(root, path, 'd', O_DIRECTORY, &init->failure);

        if (fd < 0)
            return fd;
        rc = fchdir(fd) < 0 ? -errno : 0;
    }
    if (rc == -EACCES && (flags & CWD_EACCES_OK))
        return 0;
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot change to directory %s", path);
    if (syscall(SYS_getcwd, present, sizeof present) < 0)
        return fail(&init->failure, errno, "cannot read the working directory %s", path);
    if (present[0] != '/')
        return fail_plain(&init->failure, EXDEV, "working directory %s lies outside the root",
                          path);
    init->cwd_entered = (flags & CWD_EACCES_OK) != 0;
    return 0;
}

int init_personality(struct init *init, struct wire_reader *args)
{
    if (personality(wire_u32(args)) < 0)
        return fail(&init->failure, errno, "cannot set personality");
    return 0;
}

int init_scheduler(struct init *init, struct wire_reader *args)
{
    struct k_sched_attr attr = {.size = sizeof attr, .policy = wire_u32(args)};
    int rc;

    attr.nice = (int32_t)wire_u32(args);
    attr.priority = wire_u32(args);
    attr.flags = wire_u64(args);
    attr.runtime = wire_u64(args);
    attr.deadline = wire_u64(args);
    attr.period = wire_u64(args);
    rc = k_sched_setattr(&attr);
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot set scheduler policy %u", attr.policy);
    return 0;
}

int init_io_priority(struct init *init, struct wire_reader *args)
{
    int rc = k_ioprio_set((int)wire_u32(args));

    if (rc < 0)
        return fail(&init->failure, -rc, "cannot set I/O priority");
    return 0;
}

int init_cpu_affinity(struct init *init, struct wire_reader *args)
{
    struct wire_bytes mask = wire_bytes(args);

    /* the kernel wants whole longs and may read padding: bytes of a plan are padded with zeros */
    unsigned long words[128] = {0};

    if (mask.size > sizeof words)
        return fail(&init->failure, EINVAL, "cannot set CPU affinity of %u bytes", mask.size);
    memcpy(words, mask.data, mask.size);
    if (syscall(SYS_sched_setaffinity, 0, sizeof words, words) < 0)
        return fail(&init->failure, errno, "cannot set CPU affinity");
    return 0;
}

static int write_label(struct init *init, const char *file, const char *text)
{
    char path[64];
    cleanup_fd int fd = -1;

    snprintf(path, sizeof path, "%d/task/%d/attr/%s", getpid(), getpid(), file);
    fd = init_open_proc(init, path, O_WRONLY);
    if (fd < 0)
        return fd;
    return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

/* AppArmor has a directory of its own where several LSMs are stacked (5.1), else it is shared */
int init_label(struct init *init, struct wire_reader *args)
{
    uint32_t kind = wire_u32(args);
    const char *label = wire_string(args);
    char text[1024];
    int rc;

    if (kind == 1) {
        if ((size_t)snprintf(text, sizeof text, "exec %s", label) >= sizeof text)
            return fail(&init->failure, ENAMETOOLONG, "cannot set label %.64s", label);
        rc = write_label(init, "apparmor/exec", text);
        if (rc == -ENOENT)
            rc = write_label(init, "exec", text);
    } else {
        rc = write_label(init, kind == 2 ? "exec" : "keycreate", label);
    }
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot set label %.64s", label);
    return 0;
}

int init_no_new_privs(struct init *init, struct wire_reader *args)
{
    (void)args;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return fail(&init->failure, errno, "cannot set no_new_privs");
    return 0;
}

int init_seccomp(struct init *init, struct wire_reader *args)
{
    uint32_t flags = wire_u32(args);
    struct wire_bytes bytes = wire_bytes(args);
    struct k_filter filter = {.len = (uint16_t)(bytes.size / 8), .filter = bytes.data};
    int rc = k_seccomp_filter(flags, &filter);

    if (rc < 0)
        return fail(&init->failure, -rc, "cannot load seccomp filter of %u instructions",
                    filter.len);
    if (!(flags & SECCOMP_NEW_LISTENER))
        return 0;
    rc = init_hand_listener(init, rc);
    return rc;
}

int init_memory_policy(struct init *init, struct wire_reader *args)
{
    int mode = (int)wire_u32(args);
    struct wire_bytes nodes = wire_bytes(args);
    unsigned long words[16] = {0}; /* the 1024 nodes that a kernel can have at most */

    if (nodes.size > sizeof words)
        return fail(&init->failure, EINVAL, "cannot set memory policy of %u bytes", nodes.size);
    memcpy(words, nodes.data, nodes.size);
    /* the kernel reads one bit less than the number says */
    if (syscall(SYS_set_mempolicy, mode, nodes.size ? words : NULL,
                nodes.size ? sizeof words * 8 + 1 : 0) < 0)
        return fail(&init->failure, errno, "cannot set memory policy %#x", mode);
    return 0;
}

int init_keyring(struct init *init, struct wire_reader *args)
{
    int rc = k_join_session_keyring(wire_string(args));

    if (rc < 0)
        return fail(&init->failure, -rc, "cannot join a session keyring");
    return 0;
}
