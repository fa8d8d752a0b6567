/* The container's cgroups: entering, finding all processes, telling when memory runs out. */
#define _GNU_SOURCE
#include "monitor.h"

#include "lib/fd.h"
#include "lib/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#define DEPTH_MAX 16
#define KILL_ROUNDS 16

int cgroup_enter(const struct cgroup *cgroup, pid_t pid, struct failure *failure)
{
    char text[16];
    int rc;

    snprintf(text, sizeof text, "%d", pid);
    rc = write_file_at(cgroup->fd, "cgroup.procs", text);
    if (rc < 0)
        return fail(failure, -rc, "cannot enter cgroup");
    return 0;
}

static const struct cgroup *find(const struct monitor *monitor, uint32_t flag)
{
    for (int i = 0; i < monitor->cgroup_count; i++)
        if (monitor->cgroups[i].flags & flag)
            return &monitor->cgroups[i];
    return NULL;
}

/* signals the processes named in one cgroup.procs; returns how many, or -errno */
static int signal_procs(int dir, int signal)
{
    cleanup_fd int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    int count = 0;
    int pid;

    if (!file)
        return -errno;
    steal_fd(&fd);
    while (fscanf(file, "%d", &pid) == 1) {
        /* 0 is a process of another pid namespace that this one cannot name */
        if (pid > 0 && kill(pid, signal) == 0)
            count++;
    }
    fclose(file);
    return count;
}

/* the directory and all below it: a program may have made cgroups of its own */
static int signal_tree(int dir, int signal, int depth)
{
    int total = signal_procs(dir, signal);
    int own = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = own < 0 ? NULL : fdopendir(own);
    struct dirent *entry;

    if (!entries || total < 0) {
        int err = errno;

        if (entries)
            closedir(entries);
        else if (own >= 0)
            close(own);
        return total < 0 ? total : -err;
    }
    while (depth < DEPTH_MAX && (entry = readdir(entries)) != NULL) {
        cleanup_fd int child = -1;
        int count;

        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        child = openat(own, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        count = child < 0 ? 0 : signal_tree(child, signal, depth + 1);
        if (count > 0)
            total += count;
    }
    closedir(entries);
    return total;
}

/* returns 0, -ESRCH when nobody was there, or -errno */
int cgroup_kill_all(struct monitor *monitor, int signal)
{
    const struct cgroup *cgroup = find(monitor, CGROUP_KILL);
    int count = 0;

    if (!cgroup)
        return process_signal(&monitor->first, signal);
    /*
     * cgroup.kill (5.14) is one step that no fork escapes. The directory is of no use afterwards:
     * a process cloned into it (CLONE_INTO_CGROUP) is killed at once, seen on 6.18.
     */
    if (signal == SIGKILL && cgroup->version == 2 &&
        write_file_at(cgroup->fd, "cgroup.kill", "1") == 0)
        return 0;
    for (int round = 0; round < KILL_ROUNDS; round++) {
        int n = signal_tree(cgroup->fd, signal, 0);

        if (n < 0)
            return n;
        count += n;
        if (n == 0 || signal != SIGKILL)
            break;
    }
    return count > 0 ? 0 : -ESRCH;
}

/* the number behind "oom_kill " */
static uint32_t oom_count(const struct cgroup *cgroup)
{
    char text[1024];
    const char *file = cgroup->version == 2 ? "memory.events" : "memory.oom_control";
    const char *at = text;
    unsigned count = 0;

    if (read_file_at(cgroup->fd, file, text, sizeof text) < 0)
        return 0;
    while (at && sscanf(at, "oom_kill %u", &count) != 1) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    return count;
}

static void tell_oom(struct monitor *monitor, uint32_t count)
{
    uint8_t buffer[32];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, TASK_OOM, 0);

    if (count <= monitor->oom_seen)
        return;
    monitor->oom_seen = count;
    wire_put_u32(&writer, count);
    control_send(monitor, &writer, -1);
}

/*
 * At the end of the first process: what killed it is told before its end. A cgroup that systemd has
 * made is gone when it is empty, which may be earlier: then what was seen counts.
 */
void cgroup_read_oom(struct monitor *monitor)
{
    const struct cgroup *cgroup = find(monitor, CGROUP_MEMORY);

    if (!cgroup)
        return;
    tell_oom(monitor, oom_count(cgroup));
    monitor->oom_killed = oom_count(cgroup) > 0 || (cgroup->version == 2 && monitor->oom_seen > 0);
}

static void oom_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    const struct cgroup *cgroup = find(monitor, CGROUP_MEMORY);
    uint64_t notices[64]; /* eight bytes with a number from version 1, else inotify's events */
    ssize_t size = read(watch->fd, notices, sizeof notices);

    (void)events;
    /* version 1 also notifies of the removal of the cgroup, which the first process does not see */
    if ((size < 0 && errno != EAGAIN) || monitor->first.state == PROCESS_STOPPED)
        monitor_close(monitor, watch);
    else if (size > 0)
        tell_oom(monitor, cgroup->version == 2 ? oom_count(cgroup)
                                               : monitor->oom_seen + (uint32_t)notices[0]);
}

/* changes of memory.events are told by inotify */
static int watch_v2(const struct cgroup *cgroup)
{
    char path[64];
    int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

    snprintf(path, sizeof path, "/proc/self/fd/%d/memory.events", cgroup->fd);
    if (fd >= 0 && inotify_add_watch(fd, path, IN_MODIFY) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* version 1 counts into an eventfd each time that memory runs out, before it kills */
static int watch_v1(const struct cgroup *cgroup)
{
    cleanup_fd int control = openat(cgroup->fd, "memory.oom_control", O_RDONLY | O_CLOEXEC);
    cleanup_fd int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    char text[32];

    snprintf(text, sizeof text, "%d %d", fd, control);
    if (control < 0 || fd < 0 || write_file_at(cgroup->fd, "cgroup.event_control", text) < 0)
        return -1;
    return steal_fd(&fd);
}

/* not on the way of the start: what happened before is found here, or at the end */
void cgroup_watch_oom(struct monitor *monitor)
{
    const struct cgroup *cgroup = find(monitor, CGROUP_MEMORY);

    if (!cgroup || monitor->oom.fd >= 0)
        return;
    monitor->oom.fd = cgroup->version == 2 ? watch_v2(cgroup) : watch_v1(cgroup);
    if (monitor->oom.fd < 0)
        return;
    monitor->oom.ready = oom_ready;
    monitor_watch(monitor, &monitor->oom, EPOLLIN);
    tell_oom(monitor, oom_count(cgroup));
}
