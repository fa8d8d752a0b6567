/* Leaving the caller's cgroups: what stays behind must not hold them. */
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

/* one line of /proc/self/mountinfo: the mount point of a cgroup's hierarchy that shows its root */
static bool parse_mount(char *line, const char **mount, bool *unified)
{
    char *separator = strstr(line, " - cgroup");
    char *fields[5];
    char *at = line;

    if (!separator)
        return false;
    *separator = '\0';
    *unified = strncmp(separator + 3, "cgroup2 ", 8) == 0;
    for (int i = 0; i < 5; i++) {
        fields[i] = strsep(&at, " ");
        if (!fields[i])
            return false;
    }
    *mount = fields[4];
    return strcmp(fields[3], "/") == 0;
}

static void enter(const char *directory)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%.4000s/cgroup.procs", directory);
    if (write_file_at(AT_FDCWD, path, "0") < 0)
        dprintf(2, "cannot enter cgroup %s: %s\n", directory, strerror(errno));
}

/*
 * Version 1: the root of each hierarchy, where nothing is left behind. Version 2: a directory of
 * its own, because the root is no place for processes where controllers are handed down.
 */
bool cgroup_leave_callers(char *made, size_t size)
{
    char line[4096];
    FILE *mounts = fopen("/proc/self/mountinfo", "re");
    bool own = false;

    if (!mounts)
        return false;
    while (fgets(line, sizeof line, mounts)) {
        const char *mount;
        bool unified;

        if (!parse_mount(line, &mount, &unified))
            continue;
        if (!unified) {
            enter(mount);
            continue;
        }
        snprintf(made, size, "%s/felucca-compiler", mount);
        own = mkdir(made, 0755) == 0 || errno == EEXIST;
        enter(own ? made : mount);
    }
    fclose(mounts);
    return own;
}
