#define _GNU_SOURCE
#include "spawn.h"
#include "seal.h"

#include "applets.h"
#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/limits.h"
#include "monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIXED_POLLS 4
#define SEND_PATIENCE_MS 2000

/* a JVM that does not read hundreds of messages for a while is given up, not waited for */
void spawn_send(struct spawn *spawn, const struct wire_writer *writer, const int *fds, int count)
{
    struct pollfd room = {.fd = spawn->control, .events = POLLOUT};
    int rc = spawn->control < 0 ? 0 : message_finish(spawn->control, writer, fds, count);

    if (rc == -EAGAIN && poll(&room, 1, SEND_PATIENCE_MS) == 1)
        rc = message_finish(spawn->control, writer, fds, count);
    if (rc < 0)
        close_fd_at(&spawn->control);
}

void spawn_error(struct spawn *spawn, uint32_t request, int err, const char *text)
{
    uint8_t buffer[512];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, REPLY_ERROR, request);

    wire_put_u32(&writer, PLAN_NO_OP);
    wire_put_u32(&writer, 0);
    wire_put_u32(&writer, (uint32_t)err);
    wire_put_string(&writer, text);
    spawn_send(spawn, &writer, NULL, 0);
}

static void send_version(struct spawn *spawn, uint16_t type, uint32_t request)
{
    uint8_t buffer[32];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, type, request);

    wire_put_u32(&writer, PROTOCOL_VERSION);
    wire_put_u32(&writer, (uint32_t)getpid());
    wire_put_u32(&writer, spawn->generation);
    spawn_send(spawn, &writer, NULL, 0);
}

static void on_hello(struct spawn *spawn, struct message *message)
{
    if (wire_u32(&message->args) < PROTOCOL_VERSION)
        spawn_error(spawn, message->id, EPROTONOSUPPORT, "protocol version is not known");
    else
        send_version(spawn, SPAWN_HELLO_REPLY, message->id);
}

/* reads SPAWN and sorts its descriptors; the message still owns them */
static int read_order(struct message *message, struct monitor_order *order)
{
    int next = 2;

    order->request = message->id;
    order->flags = wire_u32(&message->args);
    order->drain_ms = wire_u32(&message->args);
    order->id = wire_string(&message->args);
    order->log_name = wire_string(&message->args);
    order->log_max = wire_u64(&message->args);
    order->log_files = wire_u32(&message->args);
    order->plan = wire_bytes(&message->args);
    if (order->flags & ~(LAUNCH_AUTOSTART | LAUNCH_PLAN_FD | LAUNCH_CLIENT0 | LAUNCH_LOG |
                         LAUNCH_STDIN | LAUNCH_STDIN_ONCE))
        return -EINVAL;
    next += !!(order->flags & LAUNCH_PLAN_FD) + !!(order->flags & LAUNCH_CLIENT0) +
            !!(order->flags & LAUNCH_LOG);
    if (message->fd_count < next || message->fd_count - next > (int)PLAN_SLOTS_MAX)
        return -EINVAL;
    next = 2;
    order->control = message->fds[0];
    order->task_dir = message->fds[1];
    order->plan_fd = order->flags & LAUNCH_PLAN_FD ? message->fds[next++] : -1;
    order->client = order->flags & LAUNCH_CLIENT0 ? message->fds[next++] : -1;
    order->log_dir = order->flags & LAUNCH_LOG ? message->fds[next++] : -1;
    while (next < message->fd_count)
        order->slots[order->slot_count++] = message->fds[next++];
    return 0;
}

/* the fork of a monitor: everything of spawn's is closed, the packet stays until it is copied */
static void on_spawn(struct spawn *spawn, struct message *message)
{
    struct monitor_order order = {.devnull = spawn->devnull,
                                  .boot_id = spawn->boot_id,
                                  .packet = spawn->packet,
                                  .packet_size = MESSAGE_MAX};
    int keep[MESSAGE_FDS_MAX + 1];
    pid_t pid;

    if (read_order(message, &order) < 0) {
        spawn_error(spawn, message->id, EINVAL, "message is malformed");
        return;
    }
    pid = fork();
    if (pid < 0) {
        spawn_error(spawn, message->id, errno, "cannot fork monitor");
        return;
    }
    if (pid > 0)
        return;
    memcpy(keep, message->fds, (size_t)message->fd_count * sizeof *keep);
    keep[message->fd_count] = spawn->devnull;
    keep_only_fds(keep, message->fd_count + 1);
    monitor_run(&order);
}

static void on_cancel(struct spawn *spawn, struct message *message)
{
    run_cancel(spawn, wire_u32(&message->args));
}

static const struct {
    const char *signature;
    void (*handle)(struct spawn *spawn, struct message *message);
} requests[] = {
    [SPAWN_HELLO] = {"i", on_hello},
    [SPAWN_SPAWN] = {"iisslib", on_spawn},
    [SPAWN_RUN] = {"iiiisvv", run_begin},
    [SPAWN_CANCEL] = {"i", on_cancel},
    [SPAWN_SOCKET_IN_NETNS] = {"iii", errand_socket},
    [SPAWN_NEW_NETNS] = {"i", errand_netns},
    [SPAWN_MOUNT] = {"sslss", errand_mount},
};

static void dispatch(struct spawn *spawn, struct message *message)
{
    size_t left = (size_t)(message->args.end - message->args.at);

    if (message->cut)
        spawn_error(spawn, message->id, EINVAL, "message is malformed");
    else if (message->type >= sizeof requests / sizeof *requests ||
             !requests[message->type].handle)
        spawn_error(spawn, message->id, ENOSYS, "message type is not known");
    else if (!wire_matches(message->args.at, left, requests[message->type].signature))
        spawn_error(spawn, message->id, EINVAL, "message is malformed");
    else
        requests[message->type].handle(spawn, message);
}

static void control_input(struct spawn *spawn)
{
    struct message message;
    int rc = message_receive(spawn->control, spawn->packet, &message);

    if (rc == -EAGAIN)
        return;
    if (rc <= 0) {
        close_fd_at(&spawn->control);
        return;
    }
    dispatch(spawn, &message);
    message_close(&message);
}

static void take_control(struct spawn *spawn, int fd, uint32_t generation)
{
    close_fd_at(&spawn->control);
    message_prepare_socket(fd);
    spawn->control = fd;
    spawn->generation = generation;
    send_version(spawn, SPAWN_READY, 0);
}

/* supervise hands over a socket for each JVM; its end is ours */
static int link_input(struct spawn *spawn)
{
    struct message message;
    int rc = message_receive(spawn->link, spawn->packet, &message);

    if (rc <= 0)
        return -1;
    if (message.fd_count == 1)
        take_control(spawn, message_take(&message, 0), message.id);
    message_close(&message);
    return 0;
}

static void listener_input(struct spawn *spawn)
{
    int fd = accept4(spawn->listener, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0)
        return;
    if (!message_peer_trusted(fd)) {
        close(fd);
        return;
    }
    take_control(spawn, fd, spawn->generation);
}

/* a hint only, dropped when the socket is full: a monitor's own socket tells its end, too */
static void monitor_ended(struct spawn *spawn, pid_t pid, int status)
{
    uint8_t buffer[32];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, SPAWN_MONITOR_ENDED, 0);

    wire_put_u32(&writer, (uint32_t)pid);
    wire_put_u32(&writer, WIFEXITED(status) ? END_EXITED : END_SIGNALED);
    wire_put_u32(&writer, (uint32_t)(WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status)));
    if (spawn->control >= 0)
        message_finish(spawn->control, &writer, NULL, 0);
}

/* returns -1 when spawn is to end */
static int signal_input(struct spawn *spawn)
{
    struct signalfd_siginfo info;
    int status;
    pid_t pid;

    if (read(spawn->signals, &info, sizeof info) != sizeof info)
        return 0;
    if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
        return -1;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (!run_reaped(spawn, pid, status) && !errand_reaped(spawn, pid, status))
            monitor_ended(spawn, pid, status);
    return 0;
}

/* one JVM served by --control-fd: its end is the end of spawn */
static bool orphaned(const struct spawn *spawn)
{
    return spawn->control < 0 && spawn->link < 0 && spawn->listener < 0;
}

static int serve(struct spawn *spawn)
{
    static struct pollfd polls[FIXED_POLLS + RUNS_MAX * RUN_POLLS];

    while (!orphaned(spawn)) {
        int count = FIXED_POLLS;

        polls[0] = (struct pollfd){.fd = spawn->control, .events = POLLIN};
        polls[1] = (struct pollfd){.fd = spawn->link, .events = POLLIN};
        polls[2] = (struct pollfd){.fd = spawn->signals, .events = POLLIN};
        polls[3] = (struct pollfd){.fd = spawn->control < 0 ? spawn->listener : -1,
                                   .events = POLLIN};
        count += run_polls(spawn, polls + FIXED_POLLS);
        if (poll(polls, (nfds_t)count, clock_wait(run_deadline(spawn))) < 0 && errno != EINTR)
            return 1;
        if (polls[2].revents && signal_input(spawn) < 0)
            return 0;
        run_progress(spawn);
        if (polls[0].revents)
            control_input(spawn);
        if (polls[1].revents && link_input(spawn) < 0)
            return 0;
        if (polls[3].revents)
            listener_input(spawn);
    }
    return 0;
}

/* binds --socket; a stale socket file goes */
static int bind_socket(const char *path, struct failure *failure)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    cleanup_fd int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    struct stat st;

    if (strlen(path) >= sizeof address.sun_path)
        return fail(failure, ENAMETOOLONG, "cannot bind %s", path);
    strcpy(address.sun_path, path);
    if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
        unlink(path);
    umask(077);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 8) < 0)
        return fail(failure, errno, "cannot bind %s", path);
    return steal_fd(&fd);
}

static int read_boot_id(struct spawn *spawn, struct failure *failure)
{
    ssize_t n = read_file_at(AT_FDCWD, "/proc/sys/kernel/random/boot_id", spawn->boot_id,
                             sizeof spawn->boot_id);

    if (n < 0)
        return fail(failure, (int)-n, "cannot read boot id");
    spawn->boot_id[strcspn(spawn->boot_id, "\n")] = '\0';
    return 0;
}

/*
 * What was ignored when the daemon was started (nohup, a shell's background job) stays ignored over
 * fork and exec, and CLONE_CLEAR_SIGHAND leaves it, too: containers must not inherit it. By system
 * call, because libc keeps signals 32 to 34 for itself.
 */
static void unignore_signals(void)
{
    const unsigned long defaults[4] = {0}; /* struct kernel_sigaction */

    for (int signal = 1; signal < 65; signal++)
        syscall(SYS_rt_sigaction, signal, defaults, NULL, 8);
}

/*
 * All signals stay blocked, here and in monitors: SIGCHLD, SIGTERM and SIGINT are read from a
 * descriptor, the others have no meaning. Not dumpable: nobody attaches to what holds descriptors
 * of the host, and what forks from here inherits it.
 */
static int set_up(struct spawn *spawn, struct failure *failure)
{
    sigset_t all;
    sigset_t some;
    void *packet;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    unignore_signals();
    sigemptyset(&some);
    sigaddset(&some, SIGCHLD);
    sigaddset(&some, SIGTERM);
    sigaddset(&some, SIGINT);
    spawn->signals = signalfd(-1, &some, SFD_CLOEXEC | SFD_NONBLOCK);
    spawn->devnull = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (spawn->signals < 0 || spawn->devnull < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return fail(failure, errno, "cannot set up spawn");
    if (limits_raise() < 0)
        return fail(failure, errno, "cannot raise the limit of open files");
    packet = mmap(NULL, MESSAGE_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (packet == MAP_FAILED)
        return fail(failure, errno, "cannot allocate");
    spawn->packet = packet;
    umask(077);
    prctl(PR_SET_NAME, "felucca-spawn");
    return read_boot_id(spawn, failure);
}

static int usage(void)
{
    fputs("usage: spawn --control-fd N | --supervise-fd N | --socket PATH\n", stderr);
    return 2;
}

int spawn_main(int argc, char **argv)
{
    static const struct option options[] = {{"control-fd", required_argument, NULL, 'c'},
                                            {"supervise-fd", required_argument, NULL, 's'},
                                            {"socket", required_argument, NULL, 'p'},
                                            {NULL, 0, NULL, 0}};
    struct spawn spawn = {.control = -1, .link = -1, .listener = -1, .generation = 1};
    struct failure failure;
    const char *path = NULL;
    int option;
    int rc;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'c')
            spawn.control = atoi(optarg);
        else if (option == 's')
            spawn.link = atoi(optarg);
        else if (option == 'p')
            path = optarg;
        else
            return usage();
    }
    if ((spawn.control >= 0) + (spawn.link >= 0) + (path != NULL) != 1 || optind != argc)
        return usage();
    rc = seal_self(argv, &failure);
    if (rc == 0)
        rc = set_up(&spawn, &failure);
    if (rc == 0 && path)
        rc = spawn.listener = bind_socket(path, &failure);
    if (rc < 0) {
        fprintf(stderr, "spawn: %s\n", failure.text);
        return 1;
    }
    if (spawn.control >= 0) {
        int fd = steal_fd(&spawn.control);

        set_cloexec(fd, 1);
        take_control(&spawn, fd, 1);
    }
    if (spawn.link >= 0)
        set_cloexec(spawn.link, 1);
    rc = serve(&spawn);
    if (path)
        unlink(path);
    return rc;
}
