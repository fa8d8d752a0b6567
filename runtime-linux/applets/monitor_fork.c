/*
 * The clone: straight into new namespaces, or, where a pid or user namespace is entered, by a
 * helper that joins it and clones inside as a sibling, so that init is the monitor's child.
 */
#define _GNU_SOURCE
#include "monitor_launch.h"

#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool has_console(const struct plan *plan)
{
    for (uint32_t i = plan->fork; i < plan->exec; i++)
        if (plan->ops[i].code == OP_CONSOLE)
            return true;
    return false;
}

/* everything that init needs and would have to allocate */
static int prepare_init(struct launch *launch)
{
    struct wire_reader args = plan_args(&launch->plan.ops[launch->plan.exec]);
    struct init *init = &launch->init;

    wire_string(&args);
    init->argv = wire_array(wire_list(&args));
    init->env = wire_array(wire_list(&args));
    if (!init->argv || !init->env)
        return fail(&launch->failure, ENOMEM, "cannot prepare the process");
    init->plan = &launch->plan;
    init->mounts.slots = launch->slots;
    init->mounts.root = -1;
    init->own_proc = -1;
    init->start = -1;
    init->autostart = launch->autostart;
    return 0;
}

int launch_prepare_streams(struct launch *launch, const struct launch_order *order, bool console)
{
    struct process *process = launch->process;
    bool with_stdin = order->flags & LAUNCH_STDIN;
    int pair[2];
    int rc = 0;

    process->stdin_once = order->flags & LAUNCH_STDIN_ONCE;
    for (int i = 0; i < 3; i++)
        launch->init.stdio[i] = -1;
    if (!console)
        rc = stream_pipes(process, with_stdin, launch->init.stdio);
    if (rc < 0)
        return fail(&launch->failure, -rc, "cannot make streams");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return fail(&launch->failure, errno, "cannot make channel to init");
    launch->sync.fd = pair[0];
    launch->init_sync = launch->init.sync = pair[1];
    if (launch->client >= 0) {
        rc = client_add(process, launch->client, true, 7, console || with_stdin);
        if (rc < 0)
            return fail(&launch->failure, -rc, "cannot attach client 0");
        launch->client = -1;
    }
    return 0;
}

int launch_prepare(struct launch *launch, const struct launch_order *order)
{
    int rc = prepare_init(launch);

    return rc < 0 ? rc : launch_prepare_streams(launch, order, has_console(&launch->plan));
}

static uint64_t namespaces_of(const struct plan_op *op)
{
    struct wire_reader args = plan_args(op);

    return wire_u64(&args);
}

static uint32_t join_type(const struct plan_op *op)
{
    return wire_u32_at(op->args + 4);
}

/* pid and user namespaces are joined by a helper that then clones inside them */
bool launch_needs_helper(const struct plan *plan)
{
    if (plan->kind == PLAN_EXEC)
        return true;
    for (uint32_t i = 0; i < plan->fork; i++)
        if (plan->ops[i].code == OP_JOIN &&
            (join_type(&plan->ops[i]) & (K_CLONE_NEWPID | K_CLONE_NEWUSER)))
            return true;
    return false;
}

static _Noreturn void child_fail(struct launch *launch, uint32_t op, int err, const char *text)
{
    launch->init.op = op;
    fail(&launch->init.failure, err, "%s", text);
    init_fail(&launch->init, err);
}

static void join_all(struct launch *launch)
{
    for (uint32_t i = 0; i < launch->plan.fork; i++) {
        const struct plan_op *op = &launch->plan.ops[i];

        if (op->code == OP_JOIN &&
            syscall(SYS_setns, launch->slots[wire_u32_at(op->args)], join_type(op)) < 0)
            child_fail(launch, i, errno, "cannot join namespace");
    }
}

static _Noreturn void run_init(struct launch *launch, bool joined)
{
    setsid();
    if (!joined)
        join_all(launch);
    if (launch->plan.kind == PLAN_EXEC) {
        launch->init.mounts.root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (launch->init.mounts.root < 0)
            child_fail(launch, launch->plan.fork, errno, "cannot open the container's root");
    }
    init_run(&launch->init, launch->plan.fork + 1);
}

/* v1: by a write each; v2 was entered by being born there */
int launch_enter_cgroups(struct launch *launch, pid_t pid, struct failure *failure)
{
    int rc = 0;

    for (int i = 0; i < launch->cgroup_count && rc == 0; i++)
        if (launch->cgroups[i].version == 1)
            rc = cgroup_enter(&launch->cgroups[i], pid, failure);
    return rc;
}

/* enters v1 cgroups and namespaces, then makes init as a sibling: a child of the monitor */
static _Noreturn void run_helper(struct launch *launch)
{
    struct k_clone_args args = {.flags = K_CLONE_PARENT};
    const struct plan_op *fork_op = &launch->plan.ops[launch->plan.fork];
    struct sync_frame frame = {.version = SYNC_VERSION, .type = SYNC_CHILD};
    pid_t pid = launch_enter_cgroups(launch, 0, &launch->init.failure);

    if (pid < 0)
        child_fail(launch, launch->plan.fork, -pid, "cannot enter cgroup");
    if (launch->plan.kind == PLAN_EXEC) {
        int container = launch->process->monitor->first.exit.fd;

        if (syscall(SYS_setns, container, namespaces_of(fork_op)) < 0)
            child_fail(launch, launch->plan.fork, errno, "cannot enter the container");
    } else {
        join_all(launch);
        args.flags |= namespaces_of(fork_op);
    }
    pid = k_clone3(&args);
    if (pid < 0)
        child_fail(launch, launch->plan.fork, -pid, "cannot make the process");
    if (pid == 0)
        run_init(launch, true);
    frame.value = pid;
    if (sync_send(launch->init.sync, &frame, -1) < 0)
        kill(pid, SIGKILL);
    _exit(0);
}

/* the cgroup v2 directory to be born in, or -1 */
static int birth_cgroup(const struct launch *launch)
{
    for (int i = 0; i < launch->cgroup_count; i++)
        if (launch->cgroups[i].version == 2)
            return launch->cgroups[i].fd;
    return -1;
}

/*
 * An exec comes out of a monitor that may hold hundreds of descriptors: what is not its own is
 * closed before it enters the container, and its numbers stay below any limit of the plan.
 */
static void close_others(struct launch *launch)
{
    int keep[PLAN_SLOTS_MAX + 5];
    int count = 0;

    for (uint32_t i = 0; i < launch->plan.total; i++)
        keep[count++] = launch->slots[i];
    for (int i = 0; i < 3; i++)
        keep[count++] = launch->init.stdio[i];
    keep[count++] = launch->init.sync;
    keep[count++] = launch->process->monitor->first.exit.fd;
    keep_only_fds(keep, count);
}

int launch_fork(struct launch *launch)
{
    int cgroup = birth_cgroup(launch);
    bool helper = launch_needs_helper(&launch->plan);
    int pidfd = -1;
    struct k_clone_args args = {.flags = K_CLONE_PIDFD | K_CLONE_CLEAR_SIGHAND,
                              .pidfd = (uint64_t)(uintptr_t)&pidfd,
                              .exit_signal = SIGCHLD};
    pid_t pid;

    if (!helper)
        args.flags |= namespaces_of(&launch->plan.ops[launch->plan.fork]);
    if (cgroup >= 0) {
        args.flags |= K_CLONE_INTO_CGROUP;
        args.cgroup = (uint64_t)cgroup;
    }
    pid = k_clone3(&args);
    if (pid < 0)
        return fail(&launch->failure, -pid, "cannot make the process");
    if (pid == 0) {
        close(launch->sync.fd); /* a monitor that dies is seen as end of file */
        if (launch->plan.kind == PLAN_EXEC)
            close_others(launch);
        if (helper)
            run_helper(launch);
        run_init(launch, false);
    }
    close_fd_at(&launch->init_sync);
    for (int i = 0; i < 3; i++)
        close_fd_at(&launch->init.stdio[i]);
    launch->sync.ready = launch_sync_ready;
    set_nonblocking(launch->sync.fd);
    monitor_watch(launch->process->monitor, &launch->sync, EPOLLIN);
    if (!helper) {
        process_adopt_pid(launch->process, pid, pidfd);
        return 0;
    }
    launch->helper = (struct watch){.fd = pidfd, .ready = launch_helper_ready};
    monitor_watch(launch->process->monitor, &launch->helper, EPOLLIN);
    return 0;
}
