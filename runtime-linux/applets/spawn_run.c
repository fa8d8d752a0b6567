/* RUN: a program for the JVM, with deadline, limits and captured output. */
#define _GNU_SOURCE
#include "spawn.h"

#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/limits.h"
#include "lib/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_MAX (16u << 20)
#define GRACE_MS 500
#define INLINE_MAX 60000u

enum { RUN_STDIN = 1 };
enum { RESULT_TIMED_OUT = 1, RESULT_CUT = 2 /* 2 stdout, 4 stderr */, RESULT_CANCELLED = 8,
       RESULT_MEMFD = 16 };

struct capture {
    int fd;
    uint8_t *data;
    size_t used;
    size_t size;
    size_t limit;
    bool cut;
};

struct run {
    struct run *next;
    uint32_t request;
    pid_t pid;
    int report; /* end of file: executed; four bytes: errno of execve; -1 when known */
    int exec_errno;
    bool reaped;
    int status;
    uint64_t deadline;
    bool timed_out;
    bool cancelled;
    struct capture out[2];
};

/* what the child needs, taken from the message */
struct program {
    const char *cwd;
    char **argv;
    char **env;
    int stdio[3];
    int report;
};

static void free_run(struct run *run)
{
    close_fd_at(&run->report);
    for (int i = 0; i < 2; i++) {
        close_fd_at(&run->out[i].fd);
        free(run->out[i].data);
    }
    free(run);
}

static _Noreturn void child_failed(int report, int err)
{
    if (write(report, &err, sizeof err) != sizeof err)
        _exit(126);
    _exit(127);
}

static _Noreturn void child(struct program *program)
{
    sigset_t none;
    extern char **environ;

    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    for (int i = 0; i < 3; i++)
        if (dup2(program->stdio[i], i) < 0)
            child_failed(program->report, errno);
    k_close_range(3, UINT_MAX, K_CLOSE_RANGE_CLOEXEC);
    if (chdir(*program->cwd ? program->cwd : "/") < 0)
        child_failed(program->report, errno);
    umask(022);
    if (limits_restore() < 0)
        child_failed(program->report, errno);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    environ = program->env;
    execvp(program->argv[0], program->argv);
    child_failed(program->report, errno);
}

/* a pipe to capture from, or /dev/null for a limit of 0; the child's end or -errno */
static int open_capture(struct spawn *spawn, struct capture *capture, uint32_t limit)
{
    int ends[2];

    capture->limit = limit;
    if (limit == 0)
        return fcntl(spawn->devnull, F_DUPFD_CLOEXEC, 3);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    capture->fd = ends[0];
    set_nonblocking(ends[0]);
    return ends[1];
}

static int start(struct spawn *spawn, struct run *run, struct program *program)
{
    cleanup_fd int report = -1;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    run->report = ends[0];
    report = program->report = ends[1];
    run->pid = fork();
    if (run->pid < 0)
        return -errno;
    if (run->pid == 0)
        child(program);
    set_nonblocking(run->report);
    run->next = spawn->runs;
    spawn->runs = run;
    spawn->run_count++;
    return 0;
}

static struct run *new_run(uint32_t request)
{
    struct run *run = calloc(1, sizeof *run);

    if (run) {
        run->request = request;
        run->report = run->out[0].fd = run->out[1].fd = -1;
    }
    return run;
}

static int prepare(struct spawn *spawn, struct message *message, struct run *run,
                   struct program *program)
{
    uint32_t flags = wire_u32(&message->args);
    uint32_t deadline = wire_u32(&message->args);
    uint32_t limits[2] = {0};

    limits[0] = wire_u32(&message->args);
    limits[1] = wire_u32(&message->args);
    program->cwd = wire_string(&message->args);
    program->argv = wire_array(wire_list(&message->args));
    program->env = wire_array(wire_list(&message->args));
    run->deadline = deadline ? clock_ms() + deadline : 0;
    if (!program->argv || !program->env)
        return -ENOMEM;
    if (!program->argv[0] || limits[0] > LIMIT_MAX || limits[1] > LIMIT_MAX ||
        (flags & ~(uint32_t)RUN_STDIN) || ((flags & RUN_STDIN) && message->fd_count != 1))
        return -EINVAL;
    if (spawn->run_count == RUNS_MAX)
        return -EAGAIN;
    program->stdio[0] = flags & RUN_STDIN ? message_take(message, 0)
                                          : fcntl(spawn->devnull, F_DUPFD_CLOEXEC, 3);
    for (int i = 0; i < 2; i++)
        program->stdio[1 + i] = open_capture(spawn, &run->out[i], limits[i]);
    for (int i = 0; i < 3; i++)
        if (program->stdio[i] < 0)
            return -EMFILE;
    return 0;
}

void run_begin(struct spawn *spawn, struct message *message)
{
    struct program program = {.stdio = {-1, -1, -1}};
    struct run *run = new_run(message->id);
    struct failure failure;
    int rc = run ? prepare(spawn, message, run, &program) : -ENOMEM;

    if (rc == 0)
        rc = start(spawn, run, &program);
    if (rc < 0) {
        fail(&failure, -rc, "cannot run program");
        spawn_error(spawn, message->id, -rc, failure.text);
        if (run)
            free_run(run);
    }
    for (int i = 0; i < 3; i++)
        close_fd_at(&program.stdio[i]);
    free(program.argv);
    free(program.env);
}

static void kill_run(struct run *run)
{
    if (!run->reaped) {
        kill(-run->pid, SIGKILL);
        kill(run->pid, SIGKILL);
    }
}

void run_cancel(struct spawn *spawn, uint32_t request)
{
    for (struct run *run = spawn->runs; run; run = run->next)
        if (run->request == request) {
            run->cancelled = true;
            kill_run(run);
        }
}

int run_polls(const struct spawn *spawn, struct pollfd *polls)
{
    int count = 0;

    for (const struct run *run = spawn->runs; run; run = run->next) {
        polls[count++] = (struct pollfd){.fd = run->report, .events = POLLIN};
        for (int i = 0; i < 2; i++)
            polls[count++] = (struct pollfd){.fd = run->out[i].fd, .events = POLLIN};
    }
    return count;
}

uint64_t run_deadline(const struct spawn *spawn)
{
    uint64_t first = 0;

    for (const struct run *run = spawn->runs; run; run = run->next)
        if (run->deadline && (first == 0 || run->deadline < first))
            first = run->deadline;
    return first;
}

int run_reaped(struct spawn *spawn, pid_t pid, int status)
{
    for (struct run *run = spawn->runs; run; run = run->next)
        if (run->pid == pid && !run->reaped) {
            run->reaped = true;
            run->status = status;
            /* what the program left behind may hold its pipes: not for long */
            run->deadline = clock_ms() + GRACE_MS;
            return 1;
        }
    return 0;
}

/* keeps up to the limit, throws the rest away */
static void keep(struct capture *capture, const uint8_t *data, size_t size)
{
    size_t room = capture->limit - capture->used;

    if (size > room) {
        capture->cut = true;
        size = room;
    }
    if (capture->size - capture->used < size) {
        size_t wanted = (capture->used + size) * 2;
        uint8_t *more = realloc(capture->data, wanted);

        if (!more) {
            capture->cut = true;
            return;
        }
        capture->data = more;
        capture->size = wanted;
    }
    if (size > 0)
        memcpy(capture->data + capture->used, data, size);
    capture->used += size;
}

static void read_capture(struct capture *capture)
{
    uint8_t buffer[8192];

    while (capture->fd >= 0) {
        ssize_t n = read(capture->fd, buffer, sizeof buffer);

        if (n > 0)
            keep(capture, buffer, (size_t)n);
        else if (n < 0 && errno == EINTR)
            continue;
        else if (n < 0 && errno == EAGAIN)
            return;
        else
            close_fd_at(&capture->fd);
    }
}

static void read_report(struct run *run)
{
    int err = 0;
    ssize_t n;

    if (run->report < 0)
        return;
    n = read(run->report, &err, sizeof err);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n == sizeof err)
        run->exec_errno = err;
    close_fd_at(&run->report);
}

static int memfd_of(const struct capture *capture)
{
    int fd = (int)syscall(SYS_memfd_create, "felucca-output", K_MFD_CLOEXEC);

    if (fd >= 0 && write_all(fd, capture->data, capture->used) < 0)
        close_fd_at(&fd);
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

static void answer_result(struct spawn *spawn, struct run *run)
{
    static uint8_t buffer[MESSAGE_MAX];
    bool large = run->out[0].used + run->out[1].used > INLINE_MAX;
    struct wire_writer writer =
        message_begin(buffer, sizeof buffer, SPAWN_RUN_RESULT, run->request);
    int fds[2] = {-1, -1};
    uint32_t flags = (run->timed_out ? RESULT_TIMED_OUT : 0) |
                     (run->cancelled ? RESULT_CANCELLED : 0) | (large ? RESULT_MEMFD : 0);

    for (int i = 0; i < 2; i++) {
        flags |= run->out[i].cut ? (uint32_t)RESULT_CUT << i : 0;
        fds[i] = large ? memfd_of(&run->out[i]) : -1;
    }
    if (large && (fds[0] < 0 || fds[1] < 0)) {
        spawn_error(spawn, run->request, ENOMEM, "cannot pass the program's output");
    } else {
        int status = run->status;

        wire_put_u32(&writer, WIFEXITED(status) ? END_EXITED : END_SIGNALED);
        wire_put_u32(&writer,
                     (uint32_t)(WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status)));
        wire_put_u32(&writer, flags);
        for (int i = 0; i < 2; i++)
            wire_put_bytes(&writer, run->out[i].data, large ? 0 : run->out[i].used);
        spawn_send(spawn, &writer, fds, large ? 2 : 0);
    }
    for (int i = 0; i < 2; i++)
        close_fd_at(&fds[i]);
}

static void answer(struct spawn *spawn, struct run *run)
{
    struct failure failure;

    if (run->exec_errno) {
        fail(&failure, run->exec_errno, "cannot execute program");
        spawn_error(spawn, run->request, run->exec_errno, failure.text);
    } else {
        answer_result(spawn, run);
    }
}

/* true when the run is over and can be answered */
static bool advance(struct run *run, uint64_t now)
{
    bool late = run->deadline && run->deadline <= now;

    read_report(run);
    read_capture(&run->out[0]);
    read_capture(&run->out[1]);
    if (run->reaped)
        return late || (run->out[0].fd < 0 && run->out[1].fd < 0 && run->report < 0);
    if (late) {
        run->timed_out = true;
        run->deadline = 0;
        kill_run(run);
    }
    return false;
}

void run_progress(struct spawn *spawn)
{
    struct run **place = &spawn->runs;
    uint64_t now = spawn->runs ? clock_ms() : 0;

    while (*place) {
        struct run *run = *place;

        if (!advance(run, now)) {
            place = &run->next;
            continue;
        }
        answer(spawn, run);
        *place = run->next;
        spawn->run_count--;
        free_run(run);
    }
}
