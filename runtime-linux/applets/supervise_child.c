/*
 * The two children. Each JVM gets a new spawn socket, whose other end goes to spawn over a link of
 * its own; a copy of that end is kept here, so that a spawn that died is replaced without the JVM
 * losing its socket.
 */
#define _GNU_SOURCE
#include "supervise.h"

#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SPAWN_END_MS 2000

/*
 * Both children die with supervise, whatever happens to it. A process group of their own keeps the
 * terminal's Ctrl-C for supervise, which passes it on as SIGTERM.
 */
static void become_child(pid_t parent)
{
    sigset_t none;

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        _exit(1);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int child_start_spawn(struct supervise *supervise, struct failure *failure)
{
    cleanup_fd int theirs = -1;
    pid_t self = getpid();
    char number[16];
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return fail(failure, errno, "cannot start spawn");
    theirs = pair[1];
    close_fd_at(&supervise->spawn_link);
    supervise->spawn_link = pair[0];
    supervise->spawn_since = clock_ms();
    snprintf(number, sizeof number, "%d", theirs);
    supervise->spawn = fork();
    if (supervise->spawn < 0)
        return fail(failure, errno, "cannot start spawn");
    if (supervise->spawn == 0) {
        become_child(self);
        set_cloexec(theirs, 0);
        execl("/proc/self/exe", "spawn", "--supervise-fd", number, NULL);
        _exit(127);
    }
    child_hand_over(supervise);
    return 0;
}

void child_hand_over(struct supervise *supervise)
{
    uint8_t buffer[16];
    struct wire_writer writer;

    if (supervise->spawn_end < 0)
        return;
    writer = message_begin(buffer, sizeof buffer, SPAWN_READY, ++supervise->generation);
    /* a spawn that is gone is replaced when it is reaped, and gets the socket then */
    message_finish(supervise->spawn_link, &writer, &supervise->spawn_end, 1);
}

static void set_environment(const struct supervise *supervise, int spawn_fd)
{
    char text[LISTENERS_MAX * 80] = "";
    size_t used = 0;

    for (int i = 0; i < supervise->listener_count; i++) {
        const struct listener *listener = &supervise->listeners[i];

        set_cloexec(listener->fd, 0);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s:%d", i ? "," : "",
                                 listener->name, listener->fd);
    }
    setenv("FELUCCA_LISTEN_FDS", text, 1);
    snprintf(text, sizeof text, "%d", spawn_fd);
    setenv("FELUCCA_SPAWN_FD", text, 1);
    snprintf(text, sizeof text, "%d", getppid());
    setenv("FELUCCA_SUPERVISE_PID", text, 1);
    snprintf(text, sizeof text, "%u", supervise->starts);
    setenv("FELUCCA_STARTS", text, 1);
}

static _Noreturn void run_jvm(struct supervise *supervise, pid_t self, int spawn_fd, int report)
{
    int err;

    become_child(self);
    set_cloexec(spawn_fd, 0);
    set_environment(supervise, spawn_fd);
    execvp(supervise->command[0], supervise->command);
    err = errno;
    if (write(report, &err, sizeof err) != sizeof err)
        _exit(126);
    _exit(127);
}

int child_start_jvm(struct supervise *supervise, struct failure *failure)
{
    cleanup_fd int theirs = -1;
    cleanup_fd int report_read = -1;
    cleanup_fd int report_write = -1;
    pid_t self = getpid();
    int pair[2];
    int report[2];
    int err = 0;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return fail(failure, errno, "cannot start %s", supervise->command[0]);
    theirs = pair[0];
    close_fd_at(&supervise->spawn_end);
    supervise->spawn_end = pair[1];
    if (pipe2(report, O_CLOEXEC) < 0)
        return fail(failure, errno, "cannot start %s", supervise->command[0]);
    report_read = report[0];
    report_write = report[1];
    child_hand_over(supervise);
    supervise->starts++;
    supervise->jvm = fork();
    if (supervise->jvm < 0)
        return fail(failure, errno, "cannot start %s", supervise->command[0]);
    if (supervise->jvm == 0)
        run_jvm(supervise, self, theirs, report_write);
    close_fd_at(&report_write);
    supervise->jvm_since = clock_ms();
    if (read(report_read, &err, sizeof err) == sizeof err) {
        waitpid(supervise->jvm, NULL, 0);
        supervise->jvm = 0;
        return fail(failure, err, "cannot execute %s", supervise->command[0]);
    }
    return 0;
}

/* closing the link is the order to end; monitors go on */
void child_end_spawn(struct supervise *supervise)
{
    uint64_t deadline = clock_ms() + SPAWN_END_MS;
    bool killed = false;

    close_fd_at(&supervise->spawn_link);
    close_fd_at(&supervise->spawn_end);
    while (supervise->spawn > 0) {
        struct pollfd child = {.fd = supervise->signals, .events = POLLIN};
        pid_t pid = waitpid(supervise->spawn, NULL, WNOHANG);

        if (pid == supervise->spawn || (pid < 0 && errno == ECHILD)) {
            supervise->spawn = 0;
        } else if (!killed && clock_ms() >= deadline) {
            kill(supervise->spawn, SIGKILL);
            killed = true;
        } else if (poll(&child, 1, killed ? -1 : clock_wait(deadline)) > 0) {
            char ignored[128]; /* one signalfd_siginfo: a child has ended */

            if (read(supervise->signals, ignored, sizeof ignored) < 0 && errno != EAGAIN)
                return;
        }
    }
}
