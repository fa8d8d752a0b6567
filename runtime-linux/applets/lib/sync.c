#include "sync.h"

#include "fd.h"
#include "message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* frames without text are short: the tail is not sent */
#define FRAME_HEAD offsetof(struct sync_frame, text)

int sync_send(int socket, const struct sync_frame *frame, int fd)
{
    size_t size = FRAME_HEAD + (frame->text[0] ? strnlen(frame->text, SYNC_TEXT - 1) + 1 : 1);

    return message_send(socket, frame, size, &fd, fd >= 0 ? 1 : 0);
}

int sync_receive(int socket, struct sync_frame *frame, int *fd)
{
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {.iov_base = frame, .iov_len = sizeof *frame};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control};
    cleanup_fd int got = -1;
    struct cmsghdr *c;
    ssize_t n;

    do
        n = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno == ECONNRESET ? -EPIPE : -errno;
    if (n == 0)
        return -EPIPE;
    c = CMSG_FIRSTHDR(&header);
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
        memcpy(&got, CMSG_DATA(c), sizeof got);
    if (n < (ssize_t)FRAME_HEAD + 1 || frame->version != SYNC_VERSION)
        return -EPROTO;
    frame->text[(size_t)n - FRAME_HEAD - 1] = '\0';
    *fd = steal_fd(&got);
    return 0;
}
