/* The processes in a container's cgroups, and the end of both. */
#define _GNU_SOURCE
#include "cgroup.h"

#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LAST_BREATH_MS 5000
#define DEPTH_MAX 16

static int add_pid(struct cgroup_pids *pids, pid_t pid)
{
    if (pids->count == pids->room) {
        int room = pids->room ? 2 * pids->room : 64;
        pid_t *items = realloc(pids->items, (size_t)room * sizeof *items);

        if (!items)
            return -ENOMEM;
        pids->items = items;
        pids->room = room;
    }
    pids->items[pids->count++] = pid;
    return 0;
}

static int collect(int dir, struct cgroup_pids *pids, int depth)
{
    int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    DIR *entries;
    struct dirent *entry;
    int rc = 0;
    int pid;

    if (!file) {
        rc = -errno;
        if (fd >= 0)
            close(fd);
        return rc;
    }
    while (rc == 0 && fscanf(file, "%d", &pid) == 1)
        rc = pid > 0 ? add_pid(pids, pid) : 0;
    fclose(file);
    fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    entries = fd < 0 ? NULL : fdopendir(fd);
    if (!entries)
        return -errno;
    while (rc == 0 && depth < DEPTH_MAX && (entry = readdir(entries)) != NULL) {
        cleanup_fd int child = -1;

        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        child = openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        rc = child < 0 ? 0 : collect(child, pids, depth + 1);
    }
    closedir(entries);
    return rc;
}

static const struct place *main_place(const struct container *container)
{
    for (int i = 0; i < container->place_count; i++)
        if (container->places[i].flags & PLACE_KILL)
            return &container->places[i];
    return NULL;
}

int cgroup_collect(const struct place *place, struct cgroup_pids *pids)
{
    char path[PATH_MAX];
    cleanup_fd int dir = -1;

    if (cgroup_path(place, path, sizeof path) < 0)
        return -ENAMETOOLONG;
    dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return -errno;
    return collect(dir, pids, 0);
}

bool cgroup_in_use(const struct place *place)
{
    struct cgroup_pids pids = {.count = 0};
    bool used = cgroup_collect(place, &pids) < 0 || pids.count > 0;

    free(pids.items);
    return used;
}

int cgroup_processes(const struct container *container, pid_t **result)
{
    const struct place *place = main_place(container);
    struct cgroup_pids pids = {.count = 0};
    int rc = place ? cgroup_collect(place, &pids) : 0;

    if (rc < 0 && rc != -ENOENT) {
        free(pids.items);
        return say_errno(-rc, "cannot read the processes of container %s", container->id);
    }
    *result = pids.items;
    return pids.count;
}

/* a cgroup with all that is below it */
static int remove_tree(const char *path, int depth)
{
    DIR *entries;
    struct dirent *entry;

    if (rmdir(path) == 0 || errno == ENOENT)
        return 0;
    if (errno != EBUSY && errno != ENOTEMPTY)
        return -errno;
    entries = opendir(path);
    while (entries && depth < DEPTH_MAX && (entry = readdir(entries)) != NULL) {
        char child[PATH_MAX];

        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        if ((size_t)snprintf(child, sizeof child, "%s/%s", path, entry->d_name) < sizeof child)
            remove_tree(child, depth + 1);
    }
    if (entries)
        closedir(entries);
    return rmdir(path) < 0 && errno != ENOENT ? -errno : 0;
}

/* kills all processes of the place and waits for their ends */
static void kill_place(const struct place *place, uint64_t deadline)
{
    struct cgroup_pids pids = {.count = 0};
    char path[PATH_MAX];
    bool thaw = place->version == 2 || cgroup_has_word(place->controllers, "freezer");

    if (cgroup_collect(place, &pids) == 0) {
        for (int i = 0; i < pids.count; i++) {
            int fd = k_pidfd_open(pids.items[i]);

            pids.items[i] = fd;
            if (fd >= 0)
                k_pidfd_send_signal(fd, SIGKILL);
        }
        if (thaw) {
            bool v2 = place->version == 2;

            snprintf(path, sizeof path, "%s%s/%s", place->mount, place->path,
                     v2 ? "cgroup.freeze" : "freezer.state");
            write_file_at(AT_FDCWD, path, v2 ? "0" : "THAWED");
        }
        for (int i = 0; i < pids.count; i++) {
            struct pollfd end = {.fd = pids.items[i], .events = POLLIN};

            if (pids.items[i] < 0)
                continue;
            poll(&end, 1, clock_wait(deadline));
            close(pids.items[i]);
        }
    }
    free(pids.items);
}

int cgroup_remove(const struct container *container)
{
    uint64_t deadline = clock_ms() + LAST_BREATH_MS;

    for (int i = 0; i < container->place_count; i++) {
        const struct place *place = &container->places[i];
        char path[PATH_MAX];
        int rc;

        if (cgroup_path(place, path, sizeof path) < 0)
            return -1;
        while ((rc = remove_tree(path, 0)) == -EBUSY && clock_ms() < deadline) {
            kill_place(place, deadline);
            if (remove_tree(path, 0) == 0)
                break;
            poll(NULL, 0, 1); /* a process that was reaped leaves its cgroup a moment later */
        }
        if (rc < 0 && rc != -EBUSY)
            return say_errno(-rc, "cannot remove cgroup %s", path);
        if (rc == -EBUSY && access(path, F_OK) == 0)
            return say("cannot remove cgroup %s: a process in it does not end", path);
    }
    return 0;
}
