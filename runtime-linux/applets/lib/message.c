#define _GNU_SOURCE
#include "message.h"

#include "fd.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int message_take(struct message *message, int i)
{
    int fd;

    if (i < 0 || i >= message->fd_count)
        return -1;
    fd = message->fds[i];
    message->fds[i] = -1;
    return fd;
}

void message_close(struct message *message)
{
    for (int i = 0; i < message->fd_count; i++)
        if (message->fds[i] >= 0)
            close(message->fds[i]);
    message->fd_count = 0;
}

static void collect_fds(struct message *message, struct msghdr *header)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        size_t count;

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        if (count > (size_t)(MESSAGE_FDS_MAX - message->fd_count))
            count = (size_t)(MESSAGE_FDS_MAX - message->fd_count);
        memcpy(message->fds + message->fd_count, CMSG_DATA(c), count * sizeof(int));
        message->fd_count += (int)count;
    }
}

int message_receive(int socket, void *buffer, struct message *message)
{
    union {
        char space[CMSG_SPACE(MESSAGE_FDS_MAX * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {.iov_base = buffer, .iov_len = MESSAGE_MAX};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control};
    const uint8_t *bytes = buffer;
    ssize_t n;

    message->fd_count = 0;
    do
        n = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno == ECONNRESET ? 0 : -errno;
    if (n == 0)
        return 0;
    collect_fds(message, &header);
    message->cut = (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) || n < (ssize_t)MESSAGE_HEADER;
    message->type = message->cut ? 0 : wire_u16_at(bytes);
    message->id = message->cut ? 0 : wire_u32_at(bytes + 4);
    message->args = message->cut ? wire_reader(bytes, 0)
                                 : wire_reader(bytes + MESSAGE_HEADER, (size_t)n - MESSAGE_HEADER);
    return 1;
}

int message_send(int socket, const void *data, size_t size, const int *fds, int fd_count)
{
    union {
        char space[CMSG_SPACE(MESSAGE_FDS_MAX * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {.iov_base = (void *)(uintptr_t)data, .iov_len = size};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t n;

    if (fd_count > 0) {
        struct cmsghdr *c = &control.align;

        header.msg_control = &control;
        header.msg_controllen = CMSG_SPACE((size_t)fd_count * sizeof(int));
        memset(&control, 0, header.msg_controllen);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN((size_t)fd_count * sizeof(int));
        memcpy(CMSG_DATA(c), fds, (size_t)fd_count * sizeof(int));
    }
    do
        n = sendmsg(socket, &header, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : 0;
}

struct wire_writer message_begin(void *buffer, size_t size, uint16_t type, uint32_t id)
{
    struct wire_writer writer = wire_writer(buffer, size);

    wire_put_u16(&writer, type);
    wire_put_u16(&writer, 0);
    wire_put_u32(&writer, id);
    return writer;
}

int message_finish(int socket, const struct wire_writer *writer, const int *fds, int fd_count)
{
    if (writer->bad)
        return -EMSGSIZE;
    return message_send(socket, writer->start, writer->used, fds, fd_count);
}

int message_error(int socket, uint16_t type, uint32_t id, struct op_error where, const char *text)
{
    uint8_t buffer[512];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, type, id);

    wire_put_u32(&writer, where.op);
    wire_put_u32(&writer, where.code);
    wire_put_u32(&writer, (uint32_t)where.err);
    wire_put_string(&writer, text);
    return message_finish(socket, &writer, NULL, 0);
}

int message_prepare_socket(int socket)
{
    int size = 1 << 20;

    /* needs CAP_NET_ADMIN; without it the smaller default does */
    setsockopt(socket, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    return set_nonblocking(socket);
}

bool message_peer_trusted(int socket)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return false;
    return peer.uid == 0 || peer.uid == geteuid();
}
