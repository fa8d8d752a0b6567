/* The task directory: what a restarted JVM finds (docs/spec/monitor-protocol.md, section 5). */
#define _GNU_SOURCE
#include "monitor.h"

#include "lib/clock.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXIT_NEW ".exit.new"
#define EXIT_SIZE_MAX 512

/* field 22 of /proc/PID/stat, counted after the command name, which may hold anything; 0: gone */
uint64_t task_start_time(pid_t pid)
{
    char path[32];
    char text[1024];
    const char *at;
    uint64_t start = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (read_file_at(AT_FDCWD, path, text, sizeof text) < 0)
        return 0;
    at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    if (at)
        sscanf(at, " %" SCNu64, &start);
    return start;
}

int task_write(struct monitor *monitor)
{
    char text[1024];
    int n = snprintf(text, sizeof text,
                     "version=1\nid=%s\nboot_id=%s\nmonitor_pid=%d\nmonitor_start=%" PRIu64
                     "\npid=%d\nstart=%" PRIu64 "\n",
                     monitor->id, monitor->boot_id, getpid(), monitor->start, monitor->first.pid,
                     monitor->first.start);

    return replace_file_at(monitor->task_dir, "task", text, (size_t)n);
}

/* its space is reserved, so that a full disk does not lose an exit status */
static void prepare_exit(struct monitor *monitor)
{
    monitor->exit_record = openat(monitor->task_dir, EXIT_NEW,
                                  O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    /* EOPNOTSUPP: a file system without it; the write may fail then, and says so */
    if (monitor->exit_record >= 0)
        fallocate(monitor->exit_record, FALLOC_FL_KEEP_SIZE, 0, EXIT_SIZE_MAX);
}

static int put_exit(struct monitor *monitor, const char *text, size_t size)
{
    cleanup_fd int fd = steal_fd(&monitor->exit_record);
    int rc;

    if (fd < 0)
        return replace_file_at(monitor->task_dir, "exit", text, size);
    rc = write_all(fd, text, size);
    if (rc == 0 && renameat(monitor->task_dir, EXIT_NEW, monitor->task_dir, "exit") < 0)
        rc = -errno;
    return rc;
}

void task_write_exit(struct monitor *monitor)
{
    static const char *const kinds[] = {"exited", "signaled", "unknown"};
    const struct ending *ending = &monitor->first.ending;
    struct failure failure;
    char text[EXIT_SIZE_MAX];
    int n = snprintf(text, sizeof text,
                     "kind=%s\nvalue=%u\ntime=%" PRIu64 "\noom=%d\nreason=%s\n",
                     kinds[ending->kind], ending->value, ending->time, monitor->oom_killed,
                     ending->reason);
    int rc = put_exit(monitor, text, (size_t)n);

    monitor->record_at = 0;
    if (rc < 0) {
        fail(&failure, -rc, "cannot write exit record");
        control_warning(monitor, (struct op_error){PLAN_NO_OP, 0, -rc}, failure.text);
    }
}

int task_open_log(struct monitor *monitor)
{
    struct failure failure;
    int rc;

    if (monitor->log || monitor->log_settings.dir < 0)
        return 0;
    rc = log_open(&monitor->log, &monitor->log_settings, &failure);
    if (rc < 0) {
        control_warning(monitor, (struct op_error){PLAN_NO_OP, 0, -rc}, failure.text);
        close_fd_at(&monitor->log_settings.dir);
    }
    monitor->log_settings.dir = -1; /* the log's own now */
    return rc;
}

void task_settle(struct monitor *monitor)
{
    struct failure failure;
    int rc = monitor->listener.fd >= 0 ? 0 : control_listen(monitor);

    monitor->settle_at = 0;
    if (rc < 0) {
        /* a disk that is full now may have room later; without the socket nobody finds us */
        fail(&failure, -rc, "cannot bind monitor.sock");
        control_warning(monitor, (struct op_error){PLAN_NO_OP, 0, -rc}, failure.text);
        monitor->settle_at = clock_ms() + 1000;
    }
    task_open_log(monitor);
    if (monitor->first.state == PROCESS_RUNNING)
        cgroup_watch_oom(monitor);
    if (monitor->first.state != PROCESS_STOPPED && monitor->exit_record < 0)
        prepare_exit(monitor);
}

void task_be_alone(struct monitor *monitor)
{
    if (monitor->first.state == PROCESS_STOPPED && monitor->record_at)
        task_write_exit(monitor);
    if (monitor->first.pid > 0 && !monitor->first.done && monitor->listener.fd < 0)
        task_settle(monitor);
}

void task_expire(struct monitor *monitor, uint64_t now)
{
    if (monitor->record_at && monitor->record_at <= now)
        task_write_exit(monitor);
    if (monitor->settle_at && monitor->settle_at <= now)
        task_settle(monitor);
}

uint64_t task_deadline(const struct monitor *monitor)
{
    if (monitor->settle_at && monitor->record_at)
        return monitor->settle_at < monitor->record_at ? monitor->settle_at : monitor->record_at;
    return monitor->settle_at ? monitor->settle_at : monitor->record_at;
}

void task_forget(struct monitor *monitor)
{
    unlinkat(monitor->task_dir, "task", 0);
    unlinkat(monitor->task_dir, EXIT_NEW, 0);
    unlinkat(monitor->task_dir, "monitor.sock", 0);
}
