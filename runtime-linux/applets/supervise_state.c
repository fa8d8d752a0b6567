#define _GNU_SOURCE
#include "supervise.h"

#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_pid_file(struct supervise *supervise, struct failure *failure)
{
    char temporary[4096 + 8];
    char text[16];
    int n = snprintf(text, sizeof text, "%d\n", getpid());
    cleanup_fd int fd = -1;

    snprintf(temporary, sizeof temporary, "%s.new", supervise->pid_path);
    fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0 || write_all(fd, text, (size_t)n) < 0 || rename(temporary, supervise->pid_path) < 0)
        return fail(failure, errno, "cannot write pid file %s", supervise->pid_path);
    return 0;
}

/* the lock ends with this process however it ends; the file stays and names the last holder */
static int take_lock(const char *what, const char *dir, const char *name, int *lock,
                     struct failure *failure)
{
    char path[4096];
    char text[16] = "";
    cleanup_fd int fd = -1;
    int n = snprintf(path, sizeof path, "%s/%s", dir, name);

    if (n < 0 || (size_t)n >= sizeof path)
        return fail(failure, ENAMETOOLONG, "cannot use %s directory", what);
    fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(failure, errno, "cannot open %s", path);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK)
            return fail(failure, errno, "cannot lock %s", path);
        if (read(fd, text, sizeof text - 1) < 0)
            text[0] = '\0';
        text[strcspn(text, "\n")] = '\0';
        return fail_plain(failure, EBUSY, "%s %s is held by pid %s", what, dir,
                          *text ? text : "unknown");
    }
    n = snprintf(text, sizeof text, "%d\n", getpid());
    if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)n, 0) != n)
        return fail(failure, errno, "cannot write %s", path);
    *lock = steal_fd(&fd);
    return 0;
}

int state_take(struct supervise *supervise, struct failure *failure)
{
    size_t size = sizeof supervise->pid_path;
    int n;

    if (mkdir(supervise->state, 0711) < 0 && errno != EEXIST)
        return fail(failure, errno, "cannot make state directory %s", supervise->state);
    if (supervise->pid_file)
        n = snprintf(supervise->pid_path, size, "%s", supervise->pid_file);
    else
        n = snprintf(supervise->pid_path, size, "%s/felucca.pid", supervise->state);
    if (n < 0 || (size_t)n >= size)
        return fail(failure, ENAMETOOLONG, "cannot use pid file");
    if (take_lock("state", supervise->state, "supervise.lock", &supervise->lock, failure) < 0)
        return -1;
    /* two daemons on one root would collect each other's snapshots; a name of its own, because
     * state and root may be one directory */
    if (supervise->root
        && take_lock("root", supervise->root, "root.lock", &supervise->root_lock, failure) < 0)
        return -1;
    return write_pid_file(supervise, failure);
}

void state_release(struct supervise *supervise)
{
    unlink(supervise->pid_path);
    close_fd_at(&supervise->root_lock);
    close_fd_at(&supervise->lock);
}
