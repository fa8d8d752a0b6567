#include "connection.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void connection_open(struct connection *connection, int fd)
{
    connection->fd = fd;
    connection->in.start = connection->in.end = 0;
    connection->credit = 0;
    connection->eof_sent = false;
    connection->out_start = connection->out_end = 0;
    connection->passed = -1;
}

void connection_close(struct connection *connection)
{
    if (connection->fd >= 0)
        close(connection->fd);
    if (connection->passed >= 0)
        close(connection->passed);
    connection->fd = connection->passed = -1;
    connection->credit = 0;
    connection->out_start = connection->out_end = 0;
}

bool connection_queue(struct connection *connection, uint8_t type, const void *payload, size_t size)
{
    if (connection->fd < 0 || CONNECTION_OUT - connection->out_end < FRAME_HEADER + size)
        return false;
    frame_header(connection->out + connection->out_end, type, 0, (uint32_t)size);
    if (size > 0)
        memcpy(connection->out + connection->out_end + FRAME_HEADER, payload, size);
    connection->out_end += FRAME_HEADER + size;
    return true;
}

bool connection_queue_fd(struct connection *connection, uint8_t type, const void *payload,
                         size_t size, int fd)
{
    size_t at = connection->out_end;

    if (connection->passed >= 0 || !connection_queue(connection, type, payload, size))
        return false;
    connection->passed = fd;
    connection->passed_at = at;
    return true;
}

bool connection_has_output(const struct connection *connection)
{
    return connection->fd >= 0 && connection->out_start < connection->out_end;
}

static ssize_t send_some(struct connection *connection)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    size_t end = connection->out_end;
    struct iovec vector;
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

    if (connection->passed >= 0 && connection->out_start == connection->passed_at) {
        memset(&control, 0, sizeof(control));
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        memcpy(CMSG_DATA(&control.header), &connection->passed, sizeof(int));
        message.msg_control = &control;
        message.msg_controllen = sizeof(control.space);
    } else if (connection->passed >= 0) {
        end = connection->passed_at;
    }
    vector.iov_base = connection->out + connection->out_start;
    vector.iov_len = end - connection->out_start;
    return sendmsg(connection->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

int connection_flush(struct connection *connection)
{
    while (connection_has_output(connection)) {
        bool passing = connection->passed >= 0 && connection->out_start == connection->passed_at;
        ssize_t sent = send_some(connection);

        if (sent < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -errno;
        connection->out_start += (size_t)sent;
        if (passing) {
            close(connection->passed);
            connection->passed = -1;
        }
    }
    connection->out_start = connection->out_end = 0;
    return 0;
}

int connection_fill(struct connection *connection)
{
    size_t room;
    uint8_t *at = frame_space(&connection->in, &room);
    ssize_t count = recv(connection->fd, at, room, MSG_DONTWAIT);

    if (count < 0)
        return errno == EINTR ? -EAGAIN : -errno;
    frame_filled(&connection->in, (size_t)count);
    return (int)count;
}
