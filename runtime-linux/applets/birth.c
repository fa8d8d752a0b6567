#define _GNU_SOURCE
#include "birth.h"

#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int birth_prepare(struct init *init, const struct plan *plan, int *slots)
{
    struct wire_reader args = plan_args(&plan->ops[plan->exec]);

    wire_string(&args);
    init->argv = wire_array(wire_list(&args));
    init->env = wire_array(wire_list(&args));
    if (!init->argv || !init->env)
        return -ENOMEM;
    init->plan = plan;
    init->mounts.slots = slots;
    init->mounts.root = -1;
    init->own_proc = -1;
    return 0;
}

int birth_open(const struct plan_op *op, int *slots, struct failure *failure)
{
    struct wire_reader args = plan_args(op);
    uint32_t slot = wire_u32(&args);
    const char *path = wire_string(&args);
    int flags = (int)wire_u32(&args);
    int fd;

    if (flags & (O_CREAT | O_TRUNC))
        return fail_plain(failure, EINVAL, "cannot open %s: flags %#x", path, flags);
    fd = open(path, flags | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail(failure, errno, "cannot open %s", path);
    slots[slot] = fd;
    return 0;
}

uint64_t birth_namespaces(const struct plan_op *op)
{
    struct wire_reader args = plan_args(op);

    return wire_u64(&args);
}

static uint32_t join_type(const struct plan_op *op)
{
    return wire_u32_at(op->args + 4);
}

bool birth_needs_helper(const struct plan *plan)
{
    if (plan->kind == PLAN_EXEC)
        return true;
    for (uint32_t i = 0; i < plan->fork; i++)
        if (plan->ops[i].code == OP_JOIN &&
            (join_type(&plan->ops[i]) & (K_CLONE_NEWPID | K_CLONE_NEWUSER)))
            return true;
    return false;
}

_Noreturn void birth_failed(struct init *init, uint32_t op, int err, const char *text)
{
    init->op = op;
    fail(&init->failure, err, "%s", text);
    init_fail(init, err);
}

static void join_all(struct init *init)
{
    for (uint32_t i = 0; i < init->plan->fork; i++) {
        const struct plan_op *op = &init->plan->ops[i];

        if (op->code == OP_JOIN && syscall(SYS_setns, init->mounts.slots[wire_u32_at(op->args)],
                                           join_type(op)) < 0)
            birth_failed(init, i, errno, "cannot join namespace");
    }
}

_Noreturn void birth_run(struct init *init, bool joined)
{
    setsid();
    if (!joined)
        join_all(init);
    if (init->plan->kind == PLAN_EXEC) {
        init->mounts.root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (init->mounts.root < 0)
            birth_failed(init, init->plan->fork, errno, "cannot open the container's root");
    }
    init_run(init, init->plan->fork + 1);
}

_Noreturn void birth_help(struct init *init, int container)
{
    struct k_clone_args args = {.flags = K_CLONE_PARENT};
    uint32_t fork = init->plan->fork;
    uint64_t namespaces = birth_namespaces(&init->plan->ops[fork]);
    struct sync_frame frame = {.version = SYNC_VERSION, .type = SYNC_CHILD};
    pid_t pid;

    if (init->plan->kind == PLAN_EXEC) {
        if (syscall(SYS_setns, container, namespaces) < 0)
            birth_failed(init, fork, errno, "cannot enter the container");
    } else {
        join_all(init);
        args.flags |= namespaces;
    }
    pid = k_clone3(&args);
    if (pid < 0)
        birth_failed(init, fork, -pid, "cannot make the process");
    if (pid == 0)
        birth_run(init, true);
    frame.value = pid;
    if (sync_send(init->sync, &frame, -1) < 0)
        kill(pid, SIGKILL);
    _exit(0);
}

int birth_id_map(const struct plan_op *op, pid_t pid, struct failure *failure)
{
    struct wire_reader args = plan_args(op);
    const char *uids = wire_string(&args);
    const char *gids = wire_string(&args);
    char path[40];
    int rc;

    if (wire_u32(&args) & ID_MAP_DENY_SETGROUPS) {
        snprintf(path, sizeof path, "/proc/%d/setgroups", pid);
        rc = write_file_at(AT_FDCWD, path, "deny");
        if (rc < 0)
            return fail(failure, -rc, "cannot deny setgroups");
    }
    snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
    rc = write_file_at(AT_FDCWD, path, uids);
    if (rc < 0)
        return fail(failure, -rc, "cannot write uid map %.64s", uids);
    snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
    rc = write_file_at(AT_FDCWD, path, gids);
    if (rc < 0)
        return fail(failure, -rc, "cannot write gid map %.64s", gids);
    return 0;
}

int birth_oom_score_adj(const struct plan_op *op, pid_t pid, struct failure *failure)
{
    char path[40];
    char text[16];
    int rc;

    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", pid);
    snprintf(text, sizeof text, "%d", (int)wire_u32_at(op->args));
    rc = write_file_at(AT_FDCWD, path, text);
    if (rc == -EACCES && (op->flags & OP_CLAMP)) {
        fail_plain(failure, EACCES, "oom_score_adj below the inherited one is not permitted");
        return 1;
    }
    return rc < 0 ? fail(failure, -rc, "cannot set oom_score_adj to %s", text) : 0;
}

int birth_host_uid(pid_t pid, uint32_t inside, uint32_t *outside)
{
    char path[40];
    char text[4096];
    char *at = text;
    ssize_t n;

    snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
    n = read_file_at(AT_FDCWD, path, text, sizeof text);
    if (n < 0)
        return (int)n;
    for (char *line = strsep(&at, "\n"); line; line = strsep(&at, "\n")) {
        unsigned first;
        unsigned host;
        unsigned count;

        if (sscanf(line, "%u %u %u", &first, &host, &count) == 3 && inside >= first &&
            inside - first < count) {
            *outside = host + (inside - first);
            return 0;
        }
    }
    return -EINVAL;
}
