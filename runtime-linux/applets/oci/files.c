#define _GNU_SOURCE
#include "files.h"

#include "lib/fd.h"
#include "oci.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX_BYTES (16u << 20)

static char *read_fd(int fd, size_t *size)
{
    size_t room = 16384;
    size_t used = 0;
    cleanup_free char *bytes = malloc(room);

    while (bytes) {
        ssize_t n = read(fd, bytes + used, room - 1 - used);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return NULL;
        if (n == 0)
            break;
        used += (size_t)n;
        if (used + 1 == room) {
            char *more = room < FILE_MAX_BYTES ? realloc(bytes, 2 * room) : NULL;

            if (!more) {
                errno = EFBIG;
                return NULL;
            }
            bytes = more;
            room *= 2;
        }
    }
    if (!bytes)
        return NULL;
    bytes[used] = '\0';
    *size = used;
    return steal_pointer(&bytes);
}

char *file_read(const char *path, size_t *size)
{
    bool standard = strcmp(path, "-") == 0;
    cleanup_fd int fd = standard ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (!standard && fd < 0)
        return NULL;
    return read_fd(standard ? 0 : fd, size);
}

char *file_cgroup_mounts(void)
{
    size_t size;
    char *text = file_read("/proc/self/mountinfo", &size);
    char *to = text;

    for (char *line = text; line && *line;) {
        char *end = strchr(line, '\n');
        size_t length = end ? (size_t)(end - line) + 1 : strlen(line);
        const char *mark = memmem(line, length, " - cgroup", 9);

        if (mark) {
            memmove(to, line, length);
            to += length;
        }
        line += length;
    }
    if (to)
        *to = '\0';
    return text;
}

int file_write_pid(const char *path, pid_t pid)
{
    char temporary[PATH_MAX];
    char text[16];
    const char *slash = strrchr(path, '/');
    int before = slash ? (int)(slash - path) + 1 : 0;
    cleanup_fd int fd = -1;
    int rc;

    snprintf(temporary, sizeof temporary, "%.*s.%s.%d", before, path, path + before, getpid());
    fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return say_errno(errno, "cannot write pid file %s", path);
    snprintf(text, sizeof text, "%d", pid);
    rc = write_all(fd, text, strlen(text));
    if (rc == 0 && rename(temporary, path) < 0)
        rc = -errno;
    if (rc == 0)
        return 0;
    unlink(temporary);
    return say_errno(-rc, "cannot write pid file %s", path);
}

char *file_real(const char *path)
{
    return realpath(path, NULL);
}
