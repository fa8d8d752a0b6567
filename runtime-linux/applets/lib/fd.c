#define _GNU_SOURCE
#include "fd.h"

#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void close_fd_at(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void free_at(void *pointer)
{
    void **place = pointer;

    free(*place);
    *place = NULL;
}

int write_all(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size > 0) {
        ssize_t n = write(fd, at, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

int write_file_at(int dirfd, const char *path, const char *text)
{
    cleanup_fd int fd = openat(dirfd, path, O_WRONLY | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return -errno;
    n = write(fd, text, strlen(text));
    if (n < 0)
        return -errno;
    return (size_t)n == strlen(text) ? 0 : -EIO;
}

ssize_t read_file_at(int dirfd, const char *path, char *buffer, size_t size)
{
    cleanup_fd int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);
    size_t used = 0;

    if (fd < 0)
        return -errno;
    while (used < size - 1) {
        ssize_t n = read(fd, buffer + used, size - 1 - used);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        used += (size_t)n;
    }
    buffer[used] = '\0';
    return (ssize_t)used;
}

int replace_file_at(int dirfd, const char *name, const char *text, size_t size)
{
    char temporary[64];
    cleanup_fd int fd = -1;
    int rc;

    snprintf(temporary, sizeof temporary, ".%s.new", name);
    fd = openat(dirfd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    rc = write_all(fd, text, size);
    if (rc == 0 && renameat(dirfd, temporary, dirfd, name) < 0)
        rc = -errno;
    if (rc < 0)
        unlinkat(dirfd, temporary, 0);
    return rc;
}

int set_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return -errno;
    return 0;
}

int set_cloexec(int fd, int on)
{
    return fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0) < 0 ? -errno : 0;
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

void keep_only_fds(int *keep, int count)
{
    unsigned next = 3;

    qsort(keep, (size_t)count, sizeof *keep, compare);
    for (int i = 0; i < count; i++) {
        if (keep[i] < (int)next)
            continue;
        if (keep[i] > (int)next)
            k_close_range(next, (unsigned)keep[i] - 1, 0);
        next = (unsigned)keep[i] + 1;
    }
    k_close_range(next, UINT_MAX, 0);
}
