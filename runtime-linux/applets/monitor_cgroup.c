/* The container's cgroups: entering, finding all processes, counting OOM kills. */
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

void cgroup_read_oom(struct monitor *monitor)
{
    const struct cgroup *cgroup = find(monitor, CGROUP_MEMORY);

    if (cgroup)
        monitor->oom_killed = oom_count(cgroup) > 0;
}

static void oom_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    const struct cgroup *cgroup = find(monitor, CGROUP_MEMORY);
    uint8_t buffer[32];
    char ignored[512];
    struct wire_writer writer;
    uint32_t count = oom_count(cgroup);

    (void)events;
    if (read(watch->fd, ignored, sizeof ignored) < 0 && errno != EAGAIN)
        monitor_close(monitor, watch);
    if (count <= monitor->oom_seen)
        return;
    monitor->oom_seen = count;
    writer = message_begin(buffer, sizeof buffer, TASK_OOM, 0);
    wire_put_u32(&writer, count);
    control_send(monitor, &writer, -1);
}

/* v2 tells changes of memory.events by inotify; v1's event descriptors would cost each start */
void cgroup_watch_oom(struct monitor *monitor)
{
    const struct cgroup *cgroup = find(monitor, CGROUP_MEMORY);
    char path[64];
    int fd;

    if (!cgroup || cgroup->version != 2)
        return;
    fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (fd < 0)
        return;
    snprintf(path, sizeof path, "/proc/self/fd/%d/memory.events", cgroup->fd);
    if (inotify_add_watch(fd, path, IN_MODIFY) < 0) {
        close(fd);
        return;
    }
    monitor->oom.fd = fd;
    monitor->oom.ready = oom_ready;
    monitor_watch(monitor, &monitor->oom, EPOLLIN);
}
