/*
 * One process of the container, its first or an exec, from the clone to the end:
 *
 *   LAUNCHING -> CREATED (first only, parked) -> RUNNING -> STOPPED -> drained -> done
 *
 * The end is recorded when the process dies; output is drained after it, to its end or to a
 * deadline; then clients get EXIT, and when the last of them is gone the process is done.
 */
#define _GNU_SOURCE
#include "monitor.h"

#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/kernel.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_PATIENCE_MS 2000

void process_init(struct process *process, struct monitor *monitor, const char *id)
{
    *process = (struct process){.monitor = monitor, .state = PROCESS_LAUNCHING};
    snprintf(process->id, sizeof process->id, "%s", id);
    process->exit.fd = -1;
    process->in.watch.fd = -1;
    process->in.process = process;
    for (int i = 0; i < 2; i++) {
        process->out[i].watch.fd = -1;
        process->out[i].process = process;
    }
}

static void record(struct process *process, const siginfo_t *info)
{
    struct ending *ending = &process->ending;

    ending->kind = info->si_code == CLD_EXITED ? END_EXITED : END_SIGNALED;
    ending->value = (uint32_t)info->si_status;
    ending->time = clock_realtime_ns();
    process->reaped = true;
}

/* the end of a process that had started, or that is given up */
void process_ended(struct process *process)
{
    struct monitor *monitor = process->monitor;

    process->state = PROCESS_STOPPED;
    if (process == &monitor->first) {
        cgroup_read_oom(monitor);
        if (monitor->kill_rest)
            cgroup_kill_all(monitor, SIGKILL);
        /* a JVM that is there is told first, and is given the time to ask for DELETE */
        monitor->record_at = clock_ms() + SETTLE_MS;
        control_ended(process);
        if (monitor->control.fd < 0)
            task_be_alone(monitor);
    }
    if (stream_open(process))
        process->drain_deadline = clock_ms() + monitor->drain_ms;
}

void process_end_unknown(struct process *process, const char *reason)
{
    process->ending.kind = END_UNKNOWN;
    process->ending.value = 0;
    process->ending.time = clock_realtime_ns();
    snprintf(process->ending.reason, sizeof process->ending.reason, "%s", reason);
    process_ended(process);
}

static void exit_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    struct process *process = OWNER(watch, struct process, exit);
    siginfo_t info = {.si_pid = 0};

    (void)events;
    if (waitid(K_P_PIDFD, (id_t)watch->fd, &info, WEXITED | WNOHANG) < 0 && errno == EINTR)
        return;
    if (info.si_pid == 0)
        return;
    monitor_close(monitor, watch);
    record(process, &info);
    if (process->launch)
        launch_drain(process); /* all it ever said is there now */
    if (process->launch)
        launch_ended(process);
    else
        process_ended(process);
}

void process_adopt_pid(struct process *process, pid_t pid, int pidfd)
{
    process->pid = pid;
    process->exit = (struct watch){.fd = pidfd, .ready = exit_ready};
    process->start = task_start_time(pid);
    monitor_watch(process->monitor, &process->exit, EPOLLIN);
}

void process_started(struct process *process)
{
    process->state = PROCESS_RUNNING;
    client_started(process);
    if (process != &process->monitor->first)
        return;
    if (process->monitor->control.fd < 0)
        task_be_alone(process->monitor);
    process->monitor->settle_at = clock_ms() + SETTLE_MS;
}

int process_signal(struct process *process, int signal)
{
    if (process->exit.fd < 0 || process->reaped)
        return -ESRCH;
    return k_pidfd_send_signal(process->exit.fd, signal);
}

/* for DELETE by force: not for ever, since a frozen process does not die */
void process_kill_and_wait(struct process *process)
{
    struct pollfd end = {.fd = process->exit.fd, .events = POLLIN};

    if (process_signal(process, SIGKILL) == 0 && poll(&end, 1, KILL_PATIENCE_MS) == 1)
        waitid(K_P_PIDFD, (id_t)process->exit.fd, &(siginfo_t){.si_pid = 0}, WEXITED | WNOHANG);
}

/* called after each round of events, so that no list changes under a loop */
void process_progress(struct process *process)
{
    struct monitor *monitor = process->monitor;

    if (process->state != PROCESS_STOPPED || stream_open(process))
        return;
    client_tell_exit(process);
    if (process->clients || process->done)
        return;
    process->done = true;
    monitor_close(monitor, &process->in.watch);
    if (process != &monitor->first) {
        control_ended(process);
        return;
    }
    if (monitor->log)
        log_close(monitor->log);
    monitor->log = NULL;
    close_fd_at(&monitor->log_settings.dir);
    control_event(monitor, TASK_DRAINED);
}

/* an exec is forgotten; nothing of it may be open any more */
void process_discard(struct process *process)
{
    struct process **place = &process->monitor->execs;

    while (*place != process)
        place = &(*place)->next;
    *place = process->next;
    monitor_close(process->monitor, &process->exit);
    monitor_close(process->monitor, &process->in.watch);
    for (int i = 0; i < 2; i++)
        monitor_close(process->monitor, &process->out[i].watch);
    queue_free(&process->in.queue);
    free(process);
}

struct process *process_find(struct monitor *monitor, const char *id)
{
    if (*id == '\0')
        return &monitor->first;
    for (struct process *exec = monitor->execs; exec; exec = exec->next)
        if (strcmp(exec->id, id) == 0)
            return exec;
    return NULL;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    if (a == 0 || b == 0)
        return a ? a : b;
    return a < b ? a : b;
}

static uint64_t deadline_of(const struct process *process)
{
    bool draining = stream_open(process) && !client_blocks(process);

    return sooner(draining ? process->drain_deadline : 0, client_deadline(process));
}

/* the next moment at which process_expire has something to do; 0: none */
uint64_t process_deadline(const struct monitor *monitor)
{
    uint64_t first = sooner(task_deadline(monitor), deadline_of(&monitor->first));

    for (const struct process *exec = monitor->execs; exec; exec = exec->next)
        first = sooner(first, deadline_of(exec));
    return first;
}

static void expire(struct process *process, uint64_t now)
{
    if (process->drain_deadline && process->drain_deadline <= now && !client_blocks(process))
        stream_close_empty(process);
    client_expire(process, now);
}

void process_expire(struct monitor *monitor)
{
    uint64_t first = process_deadline(monitor);
    uint64_t now;

    if (first == 0)
        return;
    now = clock_ms();
    if (first > now)
        return;
    task_expire(monitor, now);
    expire(&monitor->first, now);
    for (struct process *exec = monitor->execs; exec; exec = exec->next)
        expire(exec, now);
}
