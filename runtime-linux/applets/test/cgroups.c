#define _GNU_SOURCE
#include "cgroups.h"

#include "fixture.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* memory first: the plan marks the first one MEMORY and KILL */
static const char *const controllers[] = {"memory", "cpu", "cpuacct", "pids",
                                          "devices", "freezer", "blkio"};

int cgroups_count(struct cgroups *cgroups)
{
    *cgroups = (struct cgroups){.version = 1};
    snprintf(cgroups->name, sizeof cgroups->name, "felucca-applets-test-%d", getpid());
    if (access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0) {
        cgroups->version = 2;
        strcpy(cgroups->mount[0], "/sys/fs/cgroup");
        return cgroups->count = 1;
    }
    for (size_t i = 0; i < sizeof controllers / sizeof *controllers; i++) {
        char probe[96];
        char *mount = cgroups->mount[cgroups->count];

        snprintf(mount, sizeof cgroups->mount[0], "/sys/fs/cgroup/%s", controllers[i]);
        snprintf(probe, sizeof probe, "%s/cgroup.procs", mount);
        if (access(probe, F_OK) == 0)
            cgroups->count++;
    }
    CHECK(cgroups->count > 0);
    return cgroups->count;
}

static void path_of(const struct cgroups *cgroups, int i, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", cgroups->mount[i], cgroups->name);
}

void cgroups_make(struct cgroups *cgroups, int *fds)
{
    for (int i = 0; i < cgroups->count; i++) {
        char path[160];

        path_of(cgroups, i, path, sizeof path);
        CHECK(mkdir(path, 0755) == 0 || errno == EEXIST);
        fds[i] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        CHECK(fds[i] >= 0);
    }
}

/* the kernel lets go of a dead process a moment after it was reaped */
void cgroups_remove(struct cgroups *cgroups)
{
    for (int i = 0; i < cgroups->count; i++) {
        char path[160];
        int tries = 0;

        path_of(cgroups, i, path, sizeof path);
        while (rmdir(path) < 0 && errno == EBUSY && tries++ < 1000)
            poll(NULL, 0, 1);
        CHECK(access(path, F_OK) < 0);
    }
}

void cgroups_write(const struct cgroups *cgroups, const char *file, const char *text)
{
    char path[160];

    path_of(cgroups, 0, path, sizeof path);
    strcat(path, "/");
    strncat(path, file, 64);
    CHECK(write_file_at(AT_FDCWD, path, text) == 0);
}
