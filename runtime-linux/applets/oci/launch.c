#define _GNU_SOURCE
#include "launch.h"

#include "birth.h"
#include "hook.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/mounts.h"
#include "lib/sync.h"
#include "listener.h"
#include "netdev.h"
#include "userns.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *origin(struct launch *launch, uint32_t op)
{
    struct wire_list list = launch->origins;
    const char *text = wire_next(&list);

    for (uint32_t i = 0; i < op && text; i++)
        text = wire_next(&list);
    return text && *text ? text : NULL;
}

/* what failed, with the property that asked for it */
static int say_op(struct launch *launch, uint32_t op, const char *text)
{
    const char *pointer = origin(launch, op);

    return pointer ? say("%s (%s)", text, pointer) : say("%s", text);
}

static int note_cgroup(struct launch *launch, const struct plan_op *op)
{
    struct wire_reader args = plan_args(op);
    struct launch_cgroup *cgroup = &launch->cgroups[launch->cgroup_count];

    if (launch->cgroup_count == LAUNCH_CGROUPS)
        return fail_plain(&launch->failure, E2BIG, "more than %d cgroups", LAUNCH_CGROUPS);
    cgroup->fd = launch->slots[wire_u32(&args)];
    cgroup->version = wire_u32(&args);
    launch->cgroup_count++;
    return 0;
}

static int host_op(struct launch *launch, struct mounts *mounts, const struct plan_op *op)
{
    switch (op->code) {
    case OP_OPEN:
        return birth_open(op, launch->slots, &launch->failure);
    case OP_CGROUP_ENTER:
        return note_cgroup(launch, op);
    case OP_JOIN:
        return 0; /* the new process does it */
    case OP_OPEN_TREE:
    case OP_MOUNT_ATTR:
    case OP_FS_MOUNT:
    case OP_CHECK_NODE:
        return mounts_run(mounts, op, &launch->failure);
    case OP_USER_NAMESPACE:
        return userns_make(op, launch->slots, &launch->failure);
    default: /* the reader takes no other before the clone */
        return fail_plain(&launch->failure, ENOSYS, "operation %u has no maker", op->code);
    }
}

static int run_host_ops(struct launch *launch)
{
    struct mounts mounts = {.slots = launch->slots, .root = -1, .proc = -1};

    for (uint32_t i = 0; i < launch->plan.fork; i++) {
        const struct plan_op *op = &launch->plan.ops[i];
        int rc = host_op(launch, &mounts, op);

        if (rc < 0 && (op->flags & OP_OPTIONAL))
            report_warning("%s", launch->failure.text);
        else if (rc < 0)
            return say_op(launch, i, launch->failure.text);
    }
    launch->init.mounts.proc = mounts.proc;
    return 0;
}

static int prepare_init(struct launch *launch)
{
    struct init *init = &launch->init;
    int pair[2];

    if (birth_prepare(init, &launch->plan, launch->slots) < 0)
        return say("out of memory");
    init->orphan = true;
    for (int i = 0; i < 3; i++)
        init->stdio[i] = i;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return say_errno(errno, "cannot make the channel to init");
    launch->sync = pair[0];
    init->sync = pair[1];
    return 0;
}

void launch_init(struct launch *launch)
{
    memset(launch, 0, sizeof *launch);
    launch->sync = launch->master = launch->container = launch->init.start = -1;
    for (uint32_t i = 0; i < PLAN_SLOTS_MAX; i++)
        launch->slots[i] = -1;
}

int launch_prepare(struct launch *launch, struct wire_bytes plan)
{
    uint32_t bad = PLAN_NO_OP;

    if (plan_read(&launch->plan, plan.data, plan.size, &bad, &launch->failure) < 0)
        return say("%s", launch->failure.text);
    if (prepare_init(launch) < 0)
        return -1;
    return run_host_ops(launch);
}

/* v1: by a write each; v2 was entered by being born there */
static int enter_cgroups(struct launch *launch, pid_t pid)
{
    char text[16];

    snprintf(text, sizeof text, "%d", pid);
    for (int i = 0; i < launch->cgroup_count; i++) {
        int rc = launch->cgroups[i].version == 1
                     ? write_file_at(launch->cgroups[i].fd, "cgroup.procs", text)
                     : 0;

        if (rc < 0)
            return rc;
    }
    return 0;
}

/* enters cgroups, then namespaces, and makes init */
static _Noreturn void run_helper(struct launch *launch)
{
    int rc = enter_cgroups(launch, 0);

    if (rc < 0)
        birth_failed(&launch->init, launch->plan.fork, -rc,
                     "cannot enter the container's cgroups");
    birth_help(&launch->init, launch->container);
}

static int birth_cgroup(const struct launch *launch)
{
    for (int i = 0; i < launch->cgroup_count; i++)
        if (launch->cgroups[i].version == 2)
            return launch->cgroups[i].fd;
    return -1;
}

/* this side's operations from the cursor to the next barrier */
static int work_to_barrier(struct launch *launch)
{
    for (; launch->cursor < launch->plan.exec; launch->cursor++) {
        const struct plan_op *op = &launch->plan.ops[launch->cursor];
        int rc = 0;

        if (op->code == OP_SYNC || op->code == OP_PARK)
            return 0;
        if (op->code == OP_ID_MAP)
            rc = birth_id_map(op, launch->pid, &launch->failure);
        else if (op->code == OP_HOOK && plan_hook_stage(op) <= HOOK_CREATE_RUNTIME)
            rc = hook_run(op, launch->pid, &launch->failure);
        else if (op->code == OP_NET_DEVICE)
            rc = netdev_move(op, launch->pid, &launch->failure);
        if (rc < 0 && (op->flags & OP_OPTIONAL))
            report_warning("%s", launch->failure.text);
        else if (rc < 0)
            return say_op(launch, launch->cursor, launch->failure.text);
    }
    return 0;
}

/* init's pid is known: what concerns it from outside */
static int begin_host_side(struct launch *launch)
{
    if (!birth_needs_helper(&launch->plan)) {
        int rc = enter_cgroups(launch, launch->pid);

        if (rc < 0)
            return say_errno(-rc, "cannot enter the container's cgroups");
    }
    launch->cursor = launch->plan.fork + 1;
    return launch->plan.kind == PLAN_CONTAINER ? work_to_barrier(launch) : 0;
}

int launch_fork(struct launch *launch)
{
    int cgroup = birth_cgroup(launch);
    bool helper = birth_needs_helper(&launch->plan);
    struct k_clone_args args = {.flags = K_CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
    pid_t pid;
    int status;

    if (!helper)
        args.flags |= birth_namespaces(&launch->plan.ops[launch->plan.fork]);
    if (cgroup >= 0) {
        args.flags |= K_CLONE_INTO_CGROUP;
        args.cgroup = (uint64_t)cgroup;
    }
    pid = k_clone3(&args);
    if (pid < 0)
        return say_errno(-pid, "cannot make the process");
    if (pid == 0) {
        close(launch->sync); /* a maker that dies is seen as end of file */
        if (helper)
            run_helper(launch);
        birth_run(&launch->init, false);
    }
    close_fd_at(&launch->init.sync);
    if (!helper) {
        launch->pid = pid;
        return begin_host_side(launch);
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return say_errno(errno, "cannot wait for the helper");
    return 0; /* CHILD or ERROR is the first frame */
}

static int send_go(struct launch *launch)
{
    struct sync_frame frame = {.version = SYNC_VERSION, .type = SYNC_GO, .value = launch->pid};

    /* a failure means that init is gone: the next receive tells */
    sync_send(launch->sync, &frame, -1);
    return 0;
}

static int arrived(struct launch *launch, uint32_t op)
{
    if (op != launch->cursor || op >= launch->plan.exec)
        return say("init arrived at another barrier");
    if (launch->plan.ops[op].code == OP_PARK && launch->init.start >= 0)
        launch->parked = true;
    send_go(launch);
    launch->cursor++;
    return launch->parked ? 0 : work_to_barrier(launch);
}

static int oom_score_adj_op(struct launch *launch, const struct plan_op *op)
{
    int rc = birth_oom_score_adj(op, launch->pid, &launch->failure);

    if (rc > 0)
        report_warning("%s", launch->failure.text);
    return rc < 0 ? rc : 0;
}

/* the streams are the caller's: root of a user namespace cannot give them to the program's user */
static int own_streams_op(struct launch *launch, const struct plan_op *op)
{
    uint32_t uid = 0;
    int rc = birth_host_uid(launch->pid, wire_u32_at(op->args), &uid);

    for (int i = 0; i < 3 && rc == 0; i++) {
        char path[40];

        snprintf(path, sizeof path, "/proc/%d/fd/%d", launch->pid, i);
        if (fchownat(AT_FDCWD, path, uid, (gid_t)-1, 0) < 0)
            rc = -errno;
    }
    return rc < 0 ? fail(&launch->failure, -rc, "cannot give streams to the user") : 0;
}

static int asked(struct launch *launch, uint32_t index)
{
    struct sync_frame frame = {.version = SYNC_VERSION, .type = SYNC_GO, .value = launch->pid};
    const struct plan_op *op = &launch->plan.ops[index < launch->plan.count ? index : 0];
    int rc;

    if (op->code == OP_OOM_SCORE_ADJ)
        rc = oom_score_adj_op(launch, op);
    else if (op->code == OP_CREDENTIALS)
        rc = own_streams_op(launch, op);
    else
        return say("init asked for an operation of its own");
    if (rc < 0) {
        frame.type = SYNC_ERROR;
        frame.value = -rc;
        memcpy(frame.text, launch->failure.text, sizeof frame.text);
    }
    sync_send(launch->sync, &frame, -1);
    return 0;
}

/* init waits for it, with its filter in force */
static int listener_made(struct launch *launch, uint32_t op, int fd)
{
    cleanup_fd int process = -1;

    if (op == 0 || op >= launch->plan.count ||
        launch->plan.ops[op - 1].code != OP_SECCOMP_LISTENER)
        return say("init sent a listener that the plan has not");
    process = k_pidfd_open(launch->pid);
    if (process < 0)
        return say_errno(-process, "cannot watch the process");
    if (listener_send(&launch->plan, op, process, launch->pid, fd, &launch->failure) < 0)
        return say_op(launch, op - 1, launch->failure.text);
    return send_go(launch);
}

static int take_frame(struct launch *launch, const struct sync_frame *frame, int *fd)
{
    switch (frame->type) {
    case SYNC_ARRIVED:
        return arrived(launch, frame->op);
    case SYNC_ASK:
        return asked(launch, frame->op);
    case SYNC_CONSOLE:
        launch->master = steal_fd(fd);
        return 0;
    case SYNC_WARNING:
        report_warning("%s", frame->text);
        return 0;
    case SYNC_CHILD:
        launch->pid = frame->value;
        return begin_host_side(launch);
    case SYNC_EXECING:
        launch->execing = true;
        return 0;
    case SYNC_LISTENER:
        return listener_made(launch, frame->op, frame->value);
    case SYNC_ERROR:
        return say_op(launch, frame->op, frame->text);
    default:
        return say("init sent a frame of type %u, which felucca-oci does not take", frame->type);
    }
}

int launch_drive(struct launch *launch)
{
    while (!launch->parked) {
        struct sync_frame frame;
        cleanup_fd int fd = -1;
        int rc = sync_receive(launch->sync, &frame, &fd);

        if (rc == -EPIPE && launch->execing)
            return 0;
        if (rc < 0)
            return rc == -EPIPE ? say("init ended during set-up")
                                : say_errno(-rc, "cannot hear from init");
        if (take_frame(launch, &frame, &fd) < 0)
            return -1;
    }
    return 0;
}

int launch_resume(struct launch *launch, int connection, pid_t pid)
{
    launch->sync = connection;
    launch->pid = pid;
    launch->master = -1;
    launch->init.start = -1;
    launch->cursor = launch->plan.park + 1;
    send_go(launch);
    return launch_drive(launch);
}

void launch_kill(struct launch *launch)
{
    int status;

    if (launch->pid <= 0)
        return;
    kill(launch->pid, SIGKILL);
    while (waitpid(launch->pid, &status, 0) < 0 && errno == EINTR)
        ;
}

int launch_hooks(const struct plan *plan, uint32_t stage, pid_t pid)
{
    struct failure failure;

    for (uint32_t i = plan->exec + 1; i < plan->count; i++)
        if (plan_hook_stage(&plan->ops[i]) == stage && hook_run(&plan->ops[i], pid, &failure) < 0)
            return say("%s", failure.text);
    return 0;
}
