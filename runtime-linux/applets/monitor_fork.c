/*
 * The clone: straight into new namespaces, or, where a pid or user namespace is entered, by a
 * helper that joins it and clones inside as a sibling, so that init is the monitor's child.
 */
#define _GNU_SOURCE
#include "monitor_launch.h"

#include "birth.h"
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
    if (birth_prepare(&launch->init, &launch->plan, launch->slots) < 0)
        return fail(&launch->failure, ENOMEM, "cannot prepare the process");
    launch->init.start = -1;
    launch->init.autostart = launch->autostart;
    return launch_prepare_streams(launch, order, has_console(&launch->plan));
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

/* enters v1 cgroups, then namespaces, and makes init */
static _Noreturn void run_helper(struct launch *launch)
{
    int rc = launch_enter_cgroups(launch, 0, &launch->init.failure);

    if (rc < 0)
        birth_failed(&launch->init, launch->plan.fork, -rc, "cannot enter cgroup");
    birth_help(&launch->init, launch->process->monitor->first.exit.fd);
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
    bool helper = birth_needs_helper(&launch->plan);
    int pidfd = -1;
    struct k_clone_args args = {.flags = K_CLONE_PIDFD | K_CLONE_CLEAR_SIGHAND,
                              .pidfd = (uint64_t)(uintptr_t)&pidfd,
                              .exit_signal = SIGCHLD};
    pid_t pid;

    if (!helper)
        args.flags |= birth_namespaces(&launch->plan.ops[launch->plan.fork]);
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
        birth_run(&launch->init, false);
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
