#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

void output_open(struct output *output, int fd)
{
    char path[32];
    struct stat status;
    int own;

    *output = (struct output){.fd = fd, .kind = OUTPUT_SHARED};
    if (fstat(fd, &status) < 0)
        return;
    if (S_ISREG(status.st_mode)) {
        output->kind = OUTPUT_FILE;
    } else if (S_ISSOCK(status.st_mode)) {
        output->kind = OUTPUT_SOCKET;
    } else {
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
        if (own >= 0)
            *output = (struct output){.fd = own, .kind = OUTPUT_OWN};
    }
}

static ssize_t write_once(struct output *output, const void *data, size_t size)
{
    struct pollfd ready = {.fd = output->fd, .events = POLLOUT};

    switch (output->kind) {
    case OUTPUT_SOCKET:
        return send(output->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    case OUTPUT_SHARED:
        if (poll(&ready, 1, 0) == 0) {
            errno = EAGAIN;
            return -1;
        }
        return write(output->fd, data, size < PIPE_BUF ? size : PIPE_BUF);
    case OUTPUT_FILE:
    case OUTPUT_OWN:
        break;
    }
    return write(output->fd, data, size);
}

ssize_t output_write(struct output *output, const void *data, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t count = write_once(output, (const char *)data + done, size - done);

        if (count >= 0)
            done += (size_t)count;
        else if (errno == EAGAIN || errno == EINTR)
            return done > 0 ? (ssize_t)done : -EAGAIN;
        else
            return -errno;
    }
    return (ssize_t)done;
}
