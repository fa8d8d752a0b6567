/*
 * Launching by another OCI runtime's program: a plan of kind 3.
 *
 *   monitor                        program                     the process
 *      | clone, private mounts, exec -> | create or exec           |
 *      |                                | makes it, writes its pid |
 *      | <---------------- exit status 0|                          |
 *      | reads the pid file, opens a pidfd: it is a child now ---- |   (subreaper)
 *      | clone, exec -------------------> start (containers only)  |
 *
 * The program's standard streams are the process's. Nothing is read from them before the program
 * has succeeded, so that what a failing program says of itself reaches no client and no log: it
 * says that to a log file of its own.
 */
#define _GNU_SOURCE
#include "monitor_launch.h"

#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/sync.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONSOLE_PATIENCE_S 5

/* arguments of a RUNTIME operation */
struct step {
    const char *directory;
    struct wire_list argv;
    struct wire_list env;
    const char *pid_file;
    const char *console;
};

static struct step read_step(const struct launch *launch, uint32_t index)
{
    struct wire_reader args = plan_args(&launch->plan.ops[index]);
    struct step step;

    wire_u32(&args);
    step.directory = wire_string(&args);
    step.argv = wire_list(&args);
    step.env = wire_list(&args);
    step.pid_file = wire_string(&args);
    step.console = wire_string(&args);
    return step;
}

/* a socket's address is short, a path need not be: the task directory is named by its descriptor */
static int listen_for_console(struct launch *launch, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    cleanup_fd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return fail(&launch->failure, errno, "cannot make console socket");
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s",
             launch->process->monitor->task_dir, name);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1) < 0)
        return fail(&launch->failure, errno, "cannot bind console socket %s", name);
    launch->console.fd = steal_fd(&fd);
    return 0;
}

static void stop_console(struct launch *launch)
{
    struct step step = read_step(launch, launch->plan.fork);

    if (launch->console.fd < 0)
        return;
    monitor_close(launch->process->monitor, &launch->console);
    unlinkat(launch->process->monitor->task_dir, step.console, 0);
}

/* the descriptor beside the first bytes of a connection; -1 when none comes */
static int receive_master(int peer)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    char name[256];
    struct iovec bytes = {.iov_base = name, .iov_len = sizeof name};
    struct msghdr message = {.msg_iov = &bytes,
                             .msg_iovlen = 1,
                             .msg_control = control.space,
                             .msg_controllen = sizeof control.space};
    struct timeval patience = {.tv_sec = CONSOLE_PATIENCE_S};
    struct cmsghdr *header;
    int fd = -1;

    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (recvmsg(peer, &message, MSG_CMSG_CLOEXEC) < 0)
        return -1;
    header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof fd))
        memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return fd;
}

/* takes the terminal that the program has sent, if it has */
static void take_console(struct launch *launch)
{
    cleanup_fd int peer =
        launch->console.fd < 0 ? -1 : accept4(launch->console.fd, NULL, NULL, SOCK_CLOEXEC);
    int master = peer < 0 ? -1 : receive_master(peer);

    if (master >= 0)
        stream_console(launch->process, master);
}

static void console_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    (void)monitor;
    (void)events;
    take_console(OWNER(watch, struct launch, console));
}

static void hold_output(struct process *process)
{
    for (int i = 0; i < 2; i++)
        if (process->out[i].watch.fd >= 0 && !process->out[i].paused) {
            process->out[i].paused = true;
            monitor_unwatch(process->monitor, &process->out[i].watch);
        }
}

static _Noreturn void child_fail(struct launch *launch, uint32_t op, int err, const char *text)
{
    struct sync_frame frame = {.version = SYNC_VERSION, .type = SYNC_ERROR, .op = op, .value = err};

    fail(&launch->failure, err, "%s", text);
    snprintf(frame.text, sizeof frame.text, "%s", launch->failure.text);
    sync_send(launch->init_sync, &frame, -1);
    _exit(127);
}

/* what the program sees of the host, and nobody else: the root at its place, some mounts away */
static void arrange_mounts(struct launch *launch, bool with_root)
{
    for (uint32_t i = 0; i < launch->plan.fork; i++) {
        const struct plan_op *op = &launch->plan.ops[i];
        struct wire_reader args = plan_args(op);

        if (op->code == OP_HIDE) {
            const char *path = wire_string(&args);

            if (umount2(path, MNT_DETACH) < 0 && errno != EINVAL && errno != ENOENT)
                child_fail(launch, i, errno, "cannot hide a mount");
        } else if (op->code == OP_BUNDLE_ROOT && with_root) {
            int slot = launch->slots[wire_u32(&args)];
            const char *target = wire_string(&args);
            int rc = k_move_mount(slot, AT_FDCWD, target);

            if (rc < 0)
                child_fail(launch, i, -rc, "cannot mount the root into the bundle");
        }
    }
}

static _Noreturn void run_program(struct launch *launch, uint32_t index, const struct step *step,
                                  char *const argv[], char *const env[])
{
    sigset_t none;

    setsid();
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (syscall(SYS_unshare, K_CLONE_NEWNS) < 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
        child_fail(launch, index, errno, "cannot make a mount namespace");
    arrange_mounts(launch, index == launch->plan.fork);
    for (int i = 0; i < 3; i++) {
        int fd = launch->init.stdio[i] >= 0 ? launch->init.stdio[i]
                                            : launch->process->monitor->devnull;

        if (dup2(fd, i) < 0)
            child_fail(launch, index, errno, "cannot set standard streams");
    }
    if (chdir(step->directory) < 0)
        child_fail(launch, index, errno, "cannot enter the bundle");
    execve(argv[0], argv, env);
    child_fail(launch, index, errno, argv[0]);
}

static int make_channel(struct launch *launch)
{
    int pair[2];

    monitor_close(launch->process->monitor, &launch->sync);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return fail(&launch->failure, errno, "cannot make channel to the runtime");
    launch->sync.fd = pair[0];
    launch->init_sync = pair[1];
    return 0;
}

static void program_ready(struct monitor *monitor, struct watch *watch, uint32_t events);

/* runs the program of a RUNTIME operation; its end is an event */
static int run_step(struct launch *launch, uint32_t index)
{
    struct step step = read_step(launch, index);
    cleanup_free char **argv = wire_array(step.argv);
    cleanup_free char **env = wire_array(step.env);
    int pidfd = -1;
    struct k_clone_args args = {.flags = K_CLONE_PIDFD | K_CLONE_CLEAR_SIGHAND,
                              .pidfd = (uint64_t)(uintptr_t)&pidfd,
                              .exit_signal = SIGCHLD};
    pid_t pid;

    if (!argv || !env)
        return fail(&launch->failure, ENOMEM, "cannot prepare the runtime");
    pid = k_clone3(&args);
    if (pid < 0)
        return fail(&launch->failure, -pid, "cannot start the runtime");
    if (pid == 0)
        run_program(launch, index, &step, argv, env);
    close_fd_at(&launch->init_sync);
    for (int i = 0; i < 3; i++)
        close_fd_at(&launch->init.stdio[i]);
    launch->cursor = index;
    launch->sync.ready = launch_sync_ready;
    set_nonblocking(launch->sync.fd);
    launch->helper = (struct watch){.fd = pidfd, .ready = program_ready};
    monitor_watch(launch->process->monitor, &launch->helper, EPOLLIN);
    return 0;
}

static bool is_ours(const struct monitor *monitor, pid_t pid)
{
    if (monitor->first.pid == pid)
        return true;
    for (const struct process *exec = monitor->execs; exec; exec = exec->next)
        if (exec->pid == pid)
            return true;
    return false;
}

static bool launching(const struct monitor *monitor)
{
    bool busy = monitor->first.launch && monitor->first.launch->helper.fd >= 0;

    for (const struct process *exec = monitor->execs; exec && !busy; exec = exec->next)
        busy = exec->launch != NULL;
    return busy;
}

/*
 * A subreaper inherits what the container leaves in the host's pid namespace. While a program is
 * under way a child may be the process it makes, whose number is not known yet.
 */
static void reap_strangers(struct monitor *monitor)
{
    char path[48];
    FILE *children;
    int pid;

    if (launching(monitor))
        return;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    children = fopen(path, "re");
    if (!children)
        return;
    while (fscanf(children, "%d", &pid) == 1)
        if (!is_ours(monitor, pid))
            waitpid(pid, NULL, WNOHANG);
    fclose(children);
}

static void child_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    struct signalfd_siginfo ignored;

    (void)events;
    while (read(watch->fd, &ignored, sizeof ignored) > 0)
        ;
    reap_strangers(monitor);
}

static int become_reaper(struct launch *launch)
{
    struct monitor *monitor = launch->process->monitor;
    sigset_t child;

    if (!launch_is_first(launch))
        return 0;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    monitor->children = (struct watch){.fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK),
                                       .ready = child_ready};
    if (monitor->children.fd < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
        return fail(&launch->failure, errno, "cannot adopt the runtime's processes");
    monitor_watch(monitor, &monitor->children, EPOLLIN);
    return 0;
}

int runtime_begin(struct launch *launch, const struct launch_order *order)
{
    struct step step = read_step(launch, launch->plan.fork);
    bool console = *step.console != '\0';
    int rc = become_reaper(launch);

    if (rc == 0 && console)
        rc = listen_for_console(launch, step.console);
    if (rc == 0)
        rc = launch_prepare_streams(launch, order, console);
    if (rc < 0)
        return rc;
    hold_output(launch->process);
    if (console) {
        launch->console.ready = console_ready;
        monitor_watch(launch->process->monitor, &launch->console, EPOLLIN);
    }
    return run_step(launch, launch->plan.fork);
}

static int adopt(struct launch *launch)
{
    struct step step = read_step(launch, launch->plan.fork);
    char text[32];
    ssize_t n = read_file_at(launch->process->monitor->task_dir, step.pid_file, text, sizeof text);
    int pid = n > 0 ? atoi(text) : 0;
    int pidfd;

    unlinkat(launch->process->monitor->task_dir, step.pid_file, 0);
    if (n < 0)
        return fail(&launch->failure, (int)-n, "cannot read pid file %s", step.pid_file);
    if (pid <= 1)
        return fail_plain(&launch->failure, EINVAL, "cannot read pid file %s: no pid",
                          step.pid_file);
    pidfd = k_pidfd_open(pid);
    if (pidfd < 0)
        return fail(&launch->failure, -pidfd, "cannot watch process %d", pid);
    process_adopt_pid(launch->process, pid, pidfd);
    return 0;
}

static void start_container(struct launch *launch)
{
    int rc = make_channel(launch);

    if (rc == 0)
        rc = run_step(launch, launch->plan.exec);
    if (rc < 0)
        launch_abandon(launch, launch->plan.exec, -rc, launch->failure.text);
}

void runtime_start(struct process *process, uint32_t request)
{
    process->launch->request = request;
    process->launch->parked = false;
    start_container(process->launch);
}

static void made(struct launch *launch)
{
    struct process *process = launch->process;
    struct monitor *monitor = process->monitor;
    int rc;

    take_console(launch);
    stop_console(launch);
    rc = adopt(launch);
    if (rc < 0) {
        launch_set_failed(launch, launch->plan.fork, -rc, launch->failure.text);
        launch_answer_failure(launch);
        return;
    }
    if (!launch_is_first(launch)) {
        stream_resume(process);
        launch_succeeded(launch);
        return;
    }
    launch_keep_slots(launch);
    launch_record_task(launch);
    if (launch->failed)
        return; /* killed: its end answers */
    stream_resume(process);
    if (launch->autostart) {
        start_container(launch);
        return;
    }
    launch->parked = true;
    process->state = PROCESS_CREATED;
    monitor->settle_at = launch_settle_time();
    control_created(process, launch->request);
}

static void started(struct launch *launch)
{
    struct process *process = launch->process;

    if (launch_succeeded(launch) && process->reaped) /* it was quicker than its runtime's start */
        process_ended(process);
}

static void failed(struct launch *launch, const siginfo_t *info)
{
    struct step step = read_step(launch, launch->cursor);
    char text[160];

    snprintf(text, sizeof text, "%.100s: %s %d", wire_next(&step.argv),
             info->si_code == CLD_EXITED ? "exit status" : "killed by signal", info->si_status);
    launch_set_failed(launch, launch->cursor, ECANCELED, text);
    stop_console(launch);
    if (launch->process->exit.fd >= 0)
        process_signal(launch->process, SIGKILL); /* its end answers */
    else
        launch_answer_failure(launch);
}

static void program_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    struct launch *launch = OWNER(watch, struct launch, helper);
    siginfo_t info = {.si_pid = 0};

    (void)events;
    if (waitid(K_P_PIDFD, (id_t)watch->fd, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
        return;
    monitor_close(monitor, watch);
    launch_drain(launch->process);
    if (info.si_code != CLD_EXITED || info.si_status != 0 || launch->failed)
        failed(launch, &info);
    else if (launch->cursor == launch->plan.fork)
        made(launch);
    else
        started(launch);
    reap_strangers(monitor);
}

bool runtime_ended(struct process *process)
{
    /* while start is under way it says how that went */
    return process->launch->plan.kind == PLAN_RUNTIME && process->launch->helper.fd >= 0;
}
