/*
 * SECCOMP_LISTENER: the descriptor that tells of filtered calls goes to an agent on the host, over
 * the socket that the configuration names, with the state of the process as the specification
 * writes it. Init waits meanwhile; the descriptor is closed on this side when it was sent.
 */
#define _GNU_SOURCE
#include "listener.h"

#include "hook.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/message.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* never waits: an agent whose queue is full fails the launch */
static int connect_agent(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    cleanup_fd int fd = -1;

    if (strlen(path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return -errno;
    return steal_fd(&fd);
}

int listener_send(const struct plan *plan, uint32_t op, int process, pid_t pid, int fd,
                  struct failure *failure)
{
    struct wire_reader args = plan_args(&plan->ops[op - 1]);
    const char *path = wire_string(&args);
    const char *state = wire_string(&args);
    cleanup_fd int listener = k_pidfd_getfd(process, fd);
    cleanup_fd int agent = -1;
    cleanup_free char *document = NULL;
    int rc;

    if (listener < 0)
        return fail(failure, -listener, "cannot take the seccomp listener");
    agent = connect_agent(path);
    if (agent < 0)
        return fail(failure, -agent, "cannot reach the seccomp agent at %s", path);
    document = hook_fill_state(state, pid, plan->kind == PLAN_EXEC ? "running" : "creating");
    if (!document)
        return fail(failure, ENOMEM, "cannot tell the seccomp agent");
    rc = message_send(agent, document, strlen(document), &listener, 1);
    if (rc < 0)
        return fail(failure, -rc, "cannot send the listener to the seccomp agent at %s", path);
    return 0;
}
