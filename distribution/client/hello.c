#include "hello.h"

#include "frame.h"
#include "terminal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define PROTOCOL_VERSION 1
#define HELLO_MAX (4u << 20)

enum { STDIN_TERMINAL = 1, STDOUT_TERMINAL = 2, STDERR_TERMINAL = 4 };

static size_t string_size(const char *text)
{
    return (4 + strlen(text) + 1 + 3) & ~(size_t)3;
}

static size_t list_size(char **list)
{
    size_t size = 4;

    for (; *list != NULL; list++)
        size += string_size(*list);
    return size;
}

/* both expect zeroed memory at at, and return what follows */
static uint8_t *put_string(uint8_t *at, const char *text)
{
    size_t length = strlen(text);

    put_u32(at, (uint32_t)length);
    memcpy(at + 4, text, length);
    return at + string_size(text);
}

static uint8_t *put_list(uint8_t *at, char **list)
{
    uint8_t *count = at;
    uint32_t n = 0;

    at += 4;
    for (; list[n] != NULL; n++)
        at = put_string(at, list[n]);
    put_u32(count, n);
    return at;
}

static uint32_t terminals(void)
{
    return (isatty(STDIN_FILENO) ? STDIN_TERMINAL : 0u) |
           (isatty(STDOUT_FILENO) ? STDOUT_TERMINAL : 0u) |
           (isatty(STDERR_FILENO) ? STDERR_TERMINAL : 0u);
}

/* passed goes beside the first byte, when it is not -1 */
static int send_all(int fd, struct iovec *vector, int passed)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = vector, .msg_iovlen = 2};

    if (passed >= 0) {
        memset(&control, 0, sizeof(control));
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        memcpy(CMSG_DATA(&control.header), &passed, sizeof(int));
        message.msg_control = &control;
        message.msg_controllen = sizeof(control.space);
    }
    while (vector[0].iov_len + vector[1].iov_len > 0) {
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return -errno;
        message.msg_control = NULL;
        message.msg_controllen = 0;
        for (int i = 0; i < 2; i++) {
            size_t part = (size_t)sent < vector[i].iov_len ? (size_t)sent : vector[i].iov_len;

            vector[i].iov_base = (uint8_t *)vector[i].iov_base + part;
            vector[i].iov_len -= part;
            sent -= (ssize_t)part;
        }
    }
    return 0;
}

static int send_frames(int fd, int passed, uint8_t *payload, size_t size)
{
    int result = 0;

    while (size > 0 && result == 0) {
        size_t part = size < FRAME_PAYLOAD ? size : FRAME_PAYLOAD;
        uint8_t header[FRAME_HEADER];
        struct iovec vector[2] = {{header, sizeof(header)}, {payload, part}};

        frame_header(header, FRAME_HELLO, part < size ? FRAME_MORE : 0, (uint32_t)part);
        result = send_all(fd, vector, passed);
        passed = -1;
        payload += part;
        size -= part;
    }
    return result;
}

int hello_send(int fd, int passed, const char *namespace, char **arguments, char **environment)
{
    char directory[PATH_MAX];
    uint16_t rows, columns;
    uint8_t *payload, *at;
    size_t size;
    int result;

    if (getcwd(directory, sizeof(directory)) == NULL)
        directory[0] = '\0';
    size = 12 + string_size(namespace) + string_size(directory) + list_size(arguments) +
           list_size(environment);
    if (size > HELLO_MAX)
        return -E2BIG;
    payload = calloc(1, size);
    if (payload == NULL)
        return -ENOMEM;
    terminal_size(&rows, &columns);
    put_u32(payload, PROTOCOL_VERSION);
    put_u32(payload + 4, terminals());
    put_u32(payload + 8, (uint32_t)columns << 16 | rows);
    at = put_string(payload + 12, namespace);
    at = put_string(at, directory);
    at = put_list(at, arguments);
    put_list(at, environment);
    result = send_frames(fd, passed, payload, size);
    free(payload);
    return result;
}
