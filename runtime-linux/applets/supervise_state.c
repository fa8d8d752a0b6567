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
int state_take(struct supervise *supervise, struct failure *failure)
{
    char path[4096];
    char text[16] = "";
    int n;

    if (mkdir(supervise->state, 0711) < 0 && errno != EEXIST)
        return fail(failure, errno, "cannot make state directory %s", supervise->state);
    n = snprintf(path, sizeof path, "%s/supervise.lock", supervise->state);
    if (n < 0 || (size_t)n >= sizeof path - 16)
        return fail(failure, ENAMETOOLONG, "cannot use state directory");
    if (supervise->pid_file)
        snprintf(supervise->pid_path, sizeof supervise->pid_path, "%s", supervise->pid_file);
    else
        snprintf(supervise->pid_path, sizeof supervise->pid_path, "%s/felucca.pid",
                 supervise->state);
    supervise->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (supervise->lock < 0)
        return fail(failure, errno, "cannot open %s", path);
    if (flock(supervise->lock, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK)
            return fail(failure, errno, "cannot lock %s", path);
        if (read(supervise->lock, text, sizeof text - 1) < 0)
            text[0] = '\0';
        text[strcspn(text, "\n")] = '\0';
        return fail_plain(failure, EBUSY, "state %s is held by pid %s", supervise->state,
                          *text ? text : "unknown");
    }
    n = snprintf(text, sizeof text, "%d\n", getpid());
    if (ftruncate(supervise->lock, 0) < 0 || pwrite(supervise->lock, text, (size_t)n, 0) != n)
        return fail(failure, errno, "cannot write %s", path);
    return write_pid_file(supervise, failure);
}

void state_release(struct supervise *supervise)
{
    unlink(supervise->pid_path);
    close_fd_at(&supervise->lock);
}
