/*
 * USER_NAMESPACE: a user namespace without anybody in it. A mount with an id mapping of its own
 * needs one as the carrier of the mapping; the process that made it is gone before the container's
 * first is there.
 */
#define _GNU_SOURCE
#include "userns.h"

#include "lib/fd.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_map(pid_t pid, const char *file, const char *text)
{
    char path[40];

    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    return write_file_at(AT_FDCWD, path, text);
}

/* without an exit signal the holder's end is no event of its maker's */
static void end_holder(pid_t pid)
{
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
        ;
}

int userns_make(const struct plan_op *op, int *slots, struct failure *failure)
{
    struct wire_reader args = plan_args(op);
    uint32_t slot = wire_u32(&args);
    const char *uids = wire_string(&args);
    const char *gids = wire_string(&args);
    struct k_clone_args clone = {.flags = K_CLONE_NEWUSER};
    pid_t pid = k_clone3(&clone);
    char path[40];
    int fd = -1;
    int rc;

    if (pid < 0)
        return fail(failure, -pid, "cannot make user namespace");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        for (;;)
            pause();
    }
    rc = write_map(pid, "uid_map", uids);
    if (rc < 0)
        rc = fail(failure, -rc, "cannot write uid map %.64s", uids);
    if (rc == 0) {
        rc = write_map(pid, "gid_map", gids);
        if (rc < 0)
            rc = fail(failure, -rc, "cannot write gid map %.64s", gids);
    }
    if (rc == 0) {
        snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            rc = fail(failure, errno, "cannot open user namespace");
    }
    end_holder(pid);
    if (rc == 0)
        slots[slot] = fd;
    return rc;
}
