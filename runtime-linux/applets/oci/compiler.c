#define _GNU_SOURCE
#include "compiler.h"

#include "lib/fd.h"
#include "state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define PROTOCOL 1u
#define ANSWER_MAX (32u << 20)
#define DAEMON_SOCKET "/run/felucca/compiler.sock"

int request_begin(struct request *request, uint32_t kind, size_t room)
{
    size_t size = room + 256;

    request->buffer = malloc(size);
    if (!request->buffer)
        return say("out of memory");
    request->out = wire_writer(request->buffer, size);
    wire_put_u32(&request->out, 0); /* the length of what follows, patched before sending */
    wire_put_u32(&request->out, PROTOCOL);
    wire_put_u32(&request->out, kind);
    return 0;
}

void request_strings(struct request *request, const struct strings *list)
{
    wire_put_u32(&request->out, (uint32_t)list->count);
    for (size_t i = 0; i < list->count; i++)
        wire_put_string(&request->out, list->items[i]);
}

int compiler_connect(const char *socket_path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct ucred peer;
    socklen_t size = sizeof peer;
    cleanup_fd int fd = -1;

    if (strlen(socket_path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, socket_path, strlen(socket_path) + 1);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return -errno;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return -errno;
    if (peer.uid != geteuid())
        return -EPERM;
    return steal_fd(&fd);
}

/*
 * That of the daemon for root, else this user's own, started when it is not there. A daemon may go
 * at any moment: one that is not there is no failure, wherever it was said to be.
 */
static int connect_any(void)
{
    char own[4096];
    int fd;

    if (geteuid() == 0) {
        const char *named = getenv("FELUCCA_COMPILER");

        fd = compiler_connect(named ? named : DAEMON_SOCKET);
        if (fd >= 0)
            return fd;
    }
    if (root_make() < 0)
        return -1;
    snprintf(own, sizeof own, "%s/.compiler/socket", globals.root);
    fd = compiler_connect(own);
    if (fd == -EPERM)
        return say("cannot use the compiler at %s: it is another user's", own);
    return fd >= 0 ? fd : compiler_start(own);
}

/* a compiler that has gone is an error of the call, and no signal */
static int send_all(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size > 0) {
        ssize_t n = send(fd, at, size, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static int receive_all(int fd, void *to, size_t size)
{
    char *at = to;

    while (size > 0) {
        ssize_t n = read(fd, at, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -ECONNRESET;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static int receive(int fd, struct answer *answer)
{
    uint8_t head[4];
    uint32_t size;
    int rc = receive_all(fd, head, sizeof head);

    if (rc < 0)
        return rc;
    size = wire_u32_at(head);
    if (size > ANSWER_MAX)
        return -EMSGSIZE;
    answer->buffer = malloc(size + 1);
    if (!answer->buffer)
        return -ENOMEM;
    rc = receive_all(fd, answer->buffer, size);
    answer->in = wire_reader(answer->buffer, size);
    return rc;
}

/* a compiler that left between connect and the request is asked again, once */
static int exchange(const struct request *request, struct answer *answer)
{
    int rc = 0;

    for (int attempt = 0; attempt < 2; attempt++) {
        cleanup_fd int fd = connect_any();

        if (fd < 0)
            return fd;
        rc = send_all(fd, request->out.start, request->out.used);
        if (rc == 0)
            rc = receive(fd, answer);
        if (rc == 0)
            return 0;
        answer_free(answer);
        if (rc != -ECONNRESET && rc != -EPIPE)
            break;
    }
    return say_errno(-rc, "the plan compiler gave no answer; its log is %s/.compiler/log",
                     globals.root);
}

int request_send(struct request *request, struct answer *answer)
{
    int rc;

    answer->buffer = NULL;
    if (request->out.bad) {
        free(request->buffer);
        return say("cannot ask the plan compiler: the request is too large");
    }
    wire_patch_u32(&request->out, 0, (uint32_t)request->out.used - 4);
    rc = exchange(request, answer);
    free(request->buffer);
    if (rc < 0)
        return rc;
    if (wire_u32(&answer->in) == 0)
        return 0;
    say("%s", wire_string(&answer->in));
    answer_free(answer);
    return -1;
}

void answer_free(struct answer *answer)
{
    free(answer->buffer);
    answer->buffer = NULL;
}
