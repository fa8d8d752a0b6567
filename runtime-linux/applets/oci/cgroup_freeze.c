/* Freezing and thawing a container. */
#define _GNU_SOURCE
#include "cgroup.h"

#include "lib/clock.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FREEZE_MS 5000

/* version 2 can freeze wherever it is mounted, else the controller of that name */
static const struct place *freezer(const struct container *container)
{
    for (int i = 0; i < container->place_count; i++)
        if (container->places[i].version == 2 ||
            cgroup_has_word(container->places[i].controllers, "freezer"))
            return &container->places[i];
    return NULL;
}

static bool frozen_now(const struct place *place)
{
    char path[PATH_MAX];
    char text[256];
    const char *name = place->version == 2 ? "cgroup.events" : "freezer.state";

    snprintf(path, sizeof path, "%s%s/%s", place->mount, place->path, name);
    if (read_file_at(AT_FDCWD, path, text, sizeof text) < 0)
        return false;
    return strstr(text, place->version == 2 ? "frozen 1" : "FROZEN") != NULL;
}

bool cgroup_frozen(const struct container *container)
{
    const struct place *place = freezer(container);

    return place && frozen_now(place);
}

/* cgroup.events tells its changes by POLLPRI; v1's freezer has to be asked again */
static int await_frozen(const struct place *place, bool frozen)
{
    uint64_t deadline = clock_ms() + FREEZE_MS;
    char path[PATH_MAX];
    cleanup_fd int fd = -1;

    snprintf(path, sizeof path, "%s%s/cgroup.events", place->mount, place->path);
    if (place->version == 2)
        fd = open(path, O_RDONLY | O_CLOEXEC);
    while (frozen_now(place) != frozen) {
        struct pollfd event = {.fd = fd, .events = POLLPRI};
        char ignored[256];

        if (clock_ms() >= deadline)
            return -ETIMEDOUT;
        if (poll(&event, fd >= 0 ? 1 : 0, fd >= 0 ? clock_wait(deadline) : 1) < 0 &&
            errno != EINTR)
            return -errno;
        if (fd >= 0 && pread(fd, ignored, sizeof ignored, 0) < 0)
            return -errno;
    }
    return 0;
}

int cgroup_freeze(const struct container *container, bool freeze)
{
    const struct place *place = freezer(container);
    char path[PATH_MAX];
    int rc;

    if (!place)
        return say("container %s has no cgroup that can freeze", container->id);
    if (place->version == 2) {
        snprintf(path, sizeof path, "%s%s/cgroup.freeze", place->mount, place->path);
        rc = write_file_at(AT_FDCWD, path, freeze ? "1" : "0");
    } else {
        snprintf(path, sizeof path, "%s%s/freezer.state", place->mount, place->path);
        rc = write_file_at(AT_FDCWD, path, freeze ? "FROZEN" : "THAWED");
    }
    if (rc == 0)
        rc = await_frozen(place, freeze);
    if (rc < 0)
        return say_errno(-rc, "cannot %s container %s", freeze ? "freeze" : "thaw",
                         container->id);
    return 0;
}
