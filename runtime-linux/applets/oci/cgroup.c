/* The directories of a container's cgroups: made, opened, entered. */
#define _GNU_SOURCE
#include "cgroup.h"

#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int cgroup_path(const struct place *place, char *to, size_t size)
{
    if ((size_t)snprintf(to, size, "%s%s", place->mount, place->path) >= size)
        return say("cgroup path %.64s... is too long", place->path);
    return 0;
}

/* whether a list separated by spaces has the word */
bool cgroup_has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    while (*list) {
        size_t n = strcspn(list, " \n");

        if (n == length && memcmp(list, word, n) == 0)
            return true;
        list += n + (list[n] != '\0');
    }
    return false;
}

/* version 2 alone has everything in its one directory: then it has controllers */
const struct place *cgroup_place(const struct container *container, const char *controller)
{
    for (int i = 0; i < container->place_count; i++)
        if (cgroup_has_word(container->places[i].controllers, controller))
            return &container->places[i];
    for (int i = 0; i < container->place_count; i++)
        if (container->places[i].version == 2 && *container->places[i].controllers)
            return &container->places[i];
    return NULL;
}

/* a new cpuset of version 1 is empty and takes nobody until it has processors and memory */
static void inherit_cpuset(const char *path)
{
    static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};

    for (int i = 0; i < 2; i++) {
        char own[PATH_MAX];
        char text[4096];

        snprintf(own, sizeof own, "%s/%s", path, files[i]);
        if (read_file_at(AT_FDCWD, own, text, sizeof text) < 0 || text[strspn(text, "\n")])
            continue;
        snprintf(own, sizeof own, "%s/../%s", path, files[i]);
        if (read_file_at(AT_FDCWD, own, text, sizeof text) <= 0)
            continue;
        snprintf(own, sizeof own, "%s/%s", path, files[i]);
        if (write_file_at(AT_FDCWD, own, text) < 0)
            report_warning("cgroup %s does not inherit %s", path, files[i]);
    }
}

static void hand_down(const struct place *place, const char *path)
{
    char file[PATH_MAX];
    char available[1024] = "";
    char word[64];
    const char *at = place->controllers;

    if (place->version == 1) {
        if (place->flags & PLACE_CPUSET)
            inherit_cpuset(path);
        return;
    }
    if (!*at)
        return;
    snprintf(file, sizeof file, "%s/cgroup.controllers", path);
    if (read_file_at(AT_FDCWD, file, available, sizeof available) < 0)
        return;
    snprintf(file, sizeof file, "%s/cgroup.subtree_control", path);
    while (*at) {
        int n = (int)strcspn(at, " ");

        snprintf(word, sizeof word, "%.*s", n, at);
        if (cgroup_has_word(available, word)) {
            snprintf(word, sizeof word, "+%.*s", n, at);
            if (write_file_at(AT_FDCWD, file, word) < 0)
                report_warning("cgroup %s does not hand %s down", path, word + 1);
        }
        at += n + (at[n] == ' ');
    }
}

static int make_parents(const struct place *place, const char *path)
{
    size_t mount = strlen(place->mount);
    char part[PATH_MAX];

    hand_down(place, place->mount);
    for (const char *at = strchr(path + mount + 1, '/'); at; at = strchr(at + 1, '/')) {
        memcpy(part, path, (size_t)(at - path));
        part[at - path] = '\0';
        if (mkdir(part, 0755) < 0 && errno != EEXIST)
            return -errno;
        hand_down(place, part);
    }
    return 0;
}

/* a directory that the caller made for us, or that is left of a container that is gone, is used */
int cgroup_make_place(const struct place *place)
{
    char path[PATH_MAX];
    int rc;

    if (cgroup_path(place, path, sizeof path) < 0)
        return -1;
    rc = mkdir(path, 0755) < 0 ? -errno : 0;
    if (rc == -ENOENT) {
        rc = make_parents(place, path);
        if (rc == 0)
            rc = mkdir(path, 0755) < 0 ? -errno : 0;
    }
    if (rc == -EEXIST) {
        rc = 0;
        if (cgroup_in_use(place))
            return say("cannot use cgroup %s: there are processes in it", path);
    }
    if (rc < 0)
        return say_errno(-rc, "cannot make cgroup %s", path);
    if (place->flags & PLACE_CPUSET)
        inherit_cpuset(path);
    return 0;
}

/* a place that was not made is not the container's: nothing in it is ever killed or removed */
int cgroup_make(struct container *container)
{
    for (int i = 0; i < container->place_count; i++) {
        if (cgroup_make_place(&container->places[i]) == 0)
            continue;
        container->place_count = i;
        return -1;
    }
    return 0;
}

int cgroup_move(const struct place *place, pid_t pid)
{
    char path[PATH_MAX];
    char text[16];
    int rc;

    snprintf(path, sizeof path, "%.2000s%.2000s/cgroup.procs", place->mount, place->path);
    snprintf(text, sizeof text, "%d", pid);
    rc = write_file_at(AT_FDCWD, path, text);
    return rc < 0 && rc != -ESRCH ? say_errno(-rc, "cannot move a process to cgroup %s", path) : 0;
}

int cgroup_open(const struct container *container, int *fds)
{
    for (int i = 0; i < container->place_count; i++) {
        char path[PATH_MAX];

        if (cgroup_path(&container->places[i], path, sizeof path) < 0)
            return -1;
        fds[i] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fds[i] < 0)
            return say_errno(errno, "cannot open cgroup %s", path);
    }
    return 0;
}
