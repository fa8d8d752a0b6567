#define _GNU_SOURCE
#include "hook.h"

#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TAIL 512 /* of the hook's output, for the message */

struct hook {
    uint32_t stage;
    const char *path;
    struct wire_list argv;
    struct wire_list env;
    uint32_t timeout;
    const char *state;
    pid_t pid;
    int pidfd;
    int input;  /* its stdin, -1 when all was written */
    int output; /* its stdout and stderr, -1 after end of file */
    char *document;
    size_t written;
    char tail[TAIL + 1];
    size_t tail_used;
};

static const char *status_text(uint32_t stage)
{
    switch (stage) {
    case HOOK_START_CONTAINER:
        return "created";
    case HOOK_POSTSTART:
        return "running";
    case HOOK_POSTSTOP:
        return "stopped";
    default:
        return "creating";
    }
}

char *hook_fill_state(const char *state, pid_t pid, const char *status)
{
    size_t holes = 0;
    char *text;
    char *to;

    for (const char *p = state; *p; p++)
        holes += *p == 1 || *p == 2;
    text = malloc(strlen(state) + holes * 16 + 1);
    if (!text)
        return NULL;
    to = text;
    for (const char *p = state; *p; p++) {
        if (*p == 1)
            to += sprintf(to, "%d", pid);
        else if (*p == 2)
            to += sprintf(to, "%s", status);
        else
            *to++ = *p;
    }
    *to = '\0';
    return text;
}

static _Noreturn void child(const struct hook *hook, int input, int output)
{
    char **argv = wire_array(hook->argv);
    char **env = wire_array(hook->env);
    sigset_t none;

    setsid();
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (!argv || !env || limits_restore() < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 ||
        dup2(output, 2) < 0)
        _exit(126);
    k_close_range(3, UINT_MAX, 0);
    execve(hook->path, argv, env);
    dprintf(2, "cannot execute %s: %s", hook->path, strerror(errno));
    _exit(127);
}

static int start(struct hook *hook)
{
    struct k_clone_args args = {.flags = K_CLONE_PIDFD | K_CLONE_CLEAR_SIGHAND,
                              .pidfd = (uint64_t)(uintptr_t)&hook->pidfd,
                              .exit_signal = SIGCHLD};
    cleanup_fd int in_read = -1;
    cleanup_fd int out_write = -1;
    int in[2];
    int out[2];

    if (pipe2(in, O_CLOEXEC) < 0)
        return -errno;
    in_read = in[0];
    hook->input = in[1];
    if (pipe2(out, O_CLOEXEC) < 0)
        return -errno;
    hook->output = out[0];
    out_write = out[1];
    if (set_nonblocking(hook->input) < 0 || set_nonblocking(hook->output) < 0)
        return -errno;
    hook->pid = k_clone3(&args);
    if (hook->pid < 0)
        return hook->pid;
    if (hook->pid == 0)
        child(hook, in_read, out_write);
    return 0;
}

static void feed(struct hook *hook)
{
    size_t left = strlen(hook->document + hook->written);
    ssize_t n = left ? write(hook->input, hook->document + hook->written, left) : 0;

    if (n > 0)
        hook->written += (size_t)n;
    /* EPIPE: a hook need not read its stdin */
    if (hook->document[hook->written] == '\0' || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_fd_at(&hook->input);
}

static void drain(struct hook *hook)
{
    char buffer[TAIL];

    for (;;) {
        ssize_t n = read(hook->output, buffer, sizeof buffer);
        size_t keep;

        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n <= 0) {
            close_fd_at(&hook->output);
            return;
        }
        keep = hook->tail_used + (size_t)n > TAIL ? TAIL - (size_t)n : hook->tail_used;
        memmove(hook->tail, hook->tail + hook->tail_used - keep, keep);
        memcpy(hook->tail + keep, buffer, (size_t)n);
        hook->tail_used = keep + (size_t)n;
    }
}

/* waits until the hook has ended; kills it at the deadline; 0 or -ETIMEDOUT */
static int attend(struct hook *hook)
{
    uint64_t deadline = hook->timeout ? clock_ms() + hook->timeout : 0;
    int rc = 0;

    for (;;) {
        struct pollfd polls[3] = {{.fd = hook->pidfd, .events = POLLIN},
                                  {.fd = hook->input, .events = POLLOUT},
                                  {.fd = hook->output, .events = POLLIN}};
        int n = poll(polls, 3, clock_wait(deadline));

        if (n < 0 && errno != EINTR)
            return -errno;
        if (n == 0) {
            kill(-hook->pid, SIGKILL);
            k_pidfd_send_signal(hook->pidfd, SIGKILL);
            deadline = 0;
            rc = -ETIMEDOUT;
        }
        if (hook->input >= 0 && polls[1].revents)
            feed(hook);
        if (hook->output >= 0 && polls[2].revents)
            drain(hook);
        if (polls[0].revents)
            return rc;
    }
}

static int judge(struct hook *hook, int rc, struct failure *failure)
{
    siginfo_t info = {.si_pid = 0};

    while (waitid(K_P_PIDFD, (id_t)hook->pidfd, &info, WEXITED) < 0 && errno == EINTR)
        ;
    hook->tail[hook->tail_used] = '\0';
    hook->tail[strcspn(hook->tail, "\n")] = '\0';
    if (rc == -ETIMEDOUT)
        return fail_plain(failure, ETIMEDOUT, "hook %s: not done after %u ms", hook->path,
                          hook->timeout);
    if (rc < 0)
        return fail(failure, -rc, "cannot wait for hook %s", hook->path);
    if (info.si_code != CLD_EXITED)
        return fail_plain(failure, ECANCELED, "hook %s: killed by signal %d", hook->path,
                          info.si_status);
    if (info.si_status != 0)
        return fail_plain(failure, ECANCELED, "hook %s: exit status %d: %s", hook->path,
                          info.si_status, hook->tail);
    return 0;
}

int hook_run(const struct plan_op *op, pid_t pid, struct failure *failure)
{
    struct wire_reader args = plan_args(op);
    struct hook hook = {.pidfd = -1, .input = -1, .output = -1};
    int rc;

    hook.stage = wire_u32(&args);
    hook.path = wire_string(&args);
    hook.argv = wire_list(&args);
    hook.env = wire_list(&args);
    hook.timeout = wire_u32(&args);
    hook.state = wire_string(&args);
    hook.document = hook_fill_state(hook.state, pid, status_text(hook.stage));
    rc = hook.document ? start(&hook) : -ENOMEM;
    if (rc < 0)
        rc = fail(failure, -rc, "cannot run hook %s", hook.path);
    else
        rc = judge(&hook, attend(&hook), failure);
    close_fd_at(&hook.pidfd);
    close_fd_at(&hook.input);
    close_fd_at(&hook.output);
    free(hook.document);
    return rc;
}
