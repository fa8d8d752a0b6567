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

int task_write_exit(struct monitor *monitor)
{
    static const char *const kinds[] = {"exited", "signaled", "unknown"};
    const struct ending *ending = &monitor->first.ending;
    char text[512];
    int n = snprintf(text, sizeof text,
                     "kind=%s\nvalue=%u\ntime=%" PRIu64 "\noom=%d\nreason=%s\n",
                     kinds[ending->kind], ending->value, ending->time, monitor->oom_killed,
                     ending->reason);

    return replace_file_at(monitor->task_dir, "exit", text, (size_t)n);
}

void task_forget(struct monitor *monitor)
{
    unlinkat(monitor->task_dir, "task", 0);
    unlinkat(monitor->task_dir, "monitor.sock", 0);
}
