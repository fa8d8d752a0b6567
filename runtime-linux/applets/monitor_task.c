/* The task directory: what a restarted JVM finds (docs/spec/monitor-protocol.md, section 5). */
#define _GNU_SOURCE
#include "monitor.h"

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

/*
 * Making a file is the slow part of recording the end, on a disk file system above all: it is done
 * while init works, and its space is reserved, so that a full disk does not lose an exit status.
 * Without it task_write_exit makes the file then.
 */
void task_prepare_exit(struct monitor *monitor)
{
    monitor->exit_record = openat(monitor->task_dir, EXIT_NEW,
                                  O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    /* EOPNOTSUPP: a file system without it; the write may fail then, and says so */
    if (monitor->exit_record >= 0)
        fallocate(monitor->exit_record, FALLOC_FL_KEEP_SIZE, 0, EXIT_SIZE_MAX);
}

int task_write_exit(struct monitor *monitor)
{
    static const char *const kinds[] = {"exited", "signaled", "unknown"};
    const struct ending *ending = &monitor->first.ending;
    char text[EXIT_SIZE_MAX];
    int n = snprintf(text, sizeof text,
                     "kind=%s\nvalue=%u\ntime=%" PRIu64 "\noom=%d\nreason=%s\n",
                     kinds[ending->kind], ending->value, ending->time, monitor->oom_killed,
                     ending->reason);
    cleanup_fd int fd = steal_fd(&monitor->exit_record);
    int rc;

    if (fd < 0)
        return replace_file_at(monitor->task_dir, "exit", text, (size_t)n);
    rc = write_all(fd, text, (size_t)n);
    if (rc == 0 && renameat(monitor->task_dir, EXIT_NEW, monitor->task_dir, "exit") < 0)
        rc = -errno;
    return rc;
}

void task_forget(struct monitor *monitor)
{
    unlinkat(monitor->task_dir, "task", 0);
    unlinkat(monitor->task_dir, EXIT_NEW, 0);
    unlinkat(monitor->task_dir, "monitor.sock", 0);
}
