/* Listening sockets: bound once, held over restarts of the JVM, so that connects wait meanwhile. */
#define _GNU_SOURCE
#include "supervise.h"

#include "lib/clock.h"
#include "lib/fd.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LISTENER_PATIENCE_MS 3000

static int parse_group(struct listener *listener, const char *text, struct failure *failure)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    struct group *group;

    listener->with_group = true;
    if (*text && !*end) {
        listener->group = (gid_t)number;
        return 0;
    }
    group = getgrnam(text);
    if (!group)
        return fail_plain(failure, ENOENT, "cannot listen on %s: group %s is unknown",
                          listener->path, text);
    listener->group = group->gr_gid;
    return 0;
}

static int parse_setting(struct listener *listener, const char *text, struct failure *failure)
{
    char *end = NULL;

    if (strncmp(text, "group=", 6) == 0)
        return parse_group(listener, text + 6, failure);
    if (strncmp(text, "mode=", 5) == 0)
        listener->mode = (mode_t)strtoul(text + 5, &end, 8);
    else if (strncmp(text, "backlog=", 8) == 0)
        listener->backlog = (int)strtol(text + 8, &end, 10);
    if (!end || *end)
        return fail_plain(failure, EINVAL, "cannot listen on %s: bad setting %s", listener->path,
                          text);
    return 0;
}

/* name=PATH[,mode=0660][,group=NAME|GID][,backlog=N] */
int listen_parse(struct supervise *supervise, const char *text, struct failure *failure)
{
    struct listener *listener = &supervise->listeners[supervise->listener_count];
    char copy[512];
    char *at = copy;
    char *item;
    char *equals;

    if (supervise->listener_count == LISTENERS_MAX)
        return fail_plain(failure, E2BIG, "more than %d listening sockets", LISTENERS_MAX);
    if (strlen(text) >= sizeof copy)
        return fail_plain(failure, EINVAL, "bad --listen %.64s: too long", text);
    strcpy(copy, text);
    *listener = (struct listener){.mode = 0600, .backlog = 128, .fd = -1};
    item = strsep(&at, ",");
    equals = strchr(item, '=');
    if (!equals || equals == item || (size_t)(equals - item) >= sizeof listener->name ||
        equals[1] != '/' || strlen(equals + 1) >= sizeof listener->path)
        return fail_plain(failure, EINVAL, "bad --listen %s: not name=/path", text);
    *equals = '\0';
    strcpy(listener->name, item);
    strcpy(listener->path, equals + 1);
    while ((item = strsep(&at, ",")) != NULL) {
        int rc = parse_setting(listener, item, failure);

        if (rc < 0)
            return rc;
    }
    supervise->listener_count++;
    return 0;
}

static struct sockaddr_un address_of(const struct listener *listener)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    strcpy(address.sun_path, listener->path);
    return address;
}

/*
 * Returns 1 if somebody listens, 0 if nobody does. The state is locked, so a listener is either
 * another daemon's, or the JVM of this state's last daemon, which was killed and is on its way out
 * (PDEATHSIG): then the connection hangs up within a moment, and it is asked again.
 */
static int somebody_listens(const struct listener *listener, struct failure *failure)
{
    struct sockaddr_un address = address_of(listener);
    uint64_t deadline = clock_ms() + LISTENER_PATIENCE_MS;

    for (;;) {
        cleanup_fd int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        struct pollfd hang_up = {.fd = probe};

        if (probe < 0)
            return fail(failure, errno, "cannot listen on %s", listener->path);
        if (connect(probe, (struct sockaddr *)&address, sizeof address) < 0)
            return errno == EAGAIN;
        if (poll(&hang_up, 1, clock_wait(deadline)) == 0)
            return 1;
    }
}

/* a socket nobody listens on is left over and goes; a live one, or any other file, is refused */
static int clear_place(const struct listener *listener, struct failure *failure)
{
    struct stat st;
    int rc;

    if (lstat(listener->path, &st) < 0)
        return errno == ENOENT ? 0 : fail(failure, errno, "cannot listen on %s", listener->path);
    if (!S_ISSOCK(st.st_mode))
        return fail_plain(failure, EEXIST, "cannot listen on %s: a file that is no socket is there",
                          listener->path);
    rc = somebody_listens(listener, failure);
    if (rc)
        return rc < 0 ? rc : fail(failure, EADDRINUSE, "cannot listen on %s", listener->path);
    if (unlink(listener->path) < 0)
        return fail(failure, errno, "cannot replace %s", listener->path);
    return 0;
}

static int bind_one(struct listener *listener, struct failure *failure)
{
    struct sockaddr_un address = address_of(listener);
    cleanup_fd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int rc = clear_place(listener, failure);
    mode_t before;

    if (rc < 0)
        return rc;
    /* closed to everybody until owner and mode are right */
    before = umask(0177);
    rc = fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
    umask(before);
    if (rc < 0)
        return fail(failure, -rc, "cannot listen on %s", listener->path);
    if ((listener->with_group && chown(listener->path, (uid_t)-1, listener->group) < 0) ||
        chmod(listener->path, listener->mode) < 0 || listen(fd, listener->backlog) < 0) {
        rc = fail(failure, errno, "cannot listen on %s", listener->path);
        unlink(listener->path);
        return rc;
    }
    listener->fd = steal_fd(&fd);
    return 0;
}

int listen_bind_all(struct supervise *supervise, struct failure *failure)
{
    for (int i = 0; i < supervise->listener_count; i++) {
        int rc = bind_one(&supervise->listeners[i], failure);

        if (rc < 0)
            return rc;
    }
    return 0;
}

void listen_release(struct supervise *supervise)
{
    for (int i = 0; i < supervise->listener_count; i++)
        if (supervise->listeners[i].fd >= 0) {
            unlink(supervise->listeners[i].path);
            close_fd_at(&supervise->listeners[i].fd);
        }
}
