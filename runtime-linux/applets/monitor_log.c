/*
 * The log file, CRI format: "2026-01-02T03:04:05.123456789Z stdout F text". Whole lines only;
 * what has no newline yet waits here, at most LINE_MAX_BYTES of it. The lines of one read leave in
 * one writev.
 */
#define _GNU_SOURCE
#include "monitor.h"

#include "lib/clock.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 16384u
#define PARTS 96
#define PREFIX_SIZE 64

struct log {
    int dir;
    int fd;
    char name[256];
    uint64_t size;
    uint64_t max;
    uint32_t files;
    uint8_t *held[2]; /* the beginning of a line, per stream; allocated while there is one */
    uint32_t held_size[2];
    bool torn; /* a failed write has left a line without its end */
};

/* the lines of one batch on their way into writev */
struct batch {
    struct log *log;
    char full[PREFIX_SIZE];
    char part[PREFIX_SIZE];
    struct iovec parts[PARTS];
    int count;
    size_t bytes;
    int rc;
};

static int open_file(struct log *log)
{
    struct stat st;
    int fd = openat(log->dir, log->name,
                    O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0640);

    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return -EINVAL;
    }
    close_fd_at(&log->fd);
    log->fd = fd;
    log->size = (uint64_t)st.st_size;
    return 0;
}

int log_open(struct log **result, const struct log_settings *settings, struct failure *failure)
{
    const char *name = settings->name;
    struct log *log;
    int rc;

    if (strchr(name, '/') || *name == '\0' || strlen(name) > 200)
        return fail_plain(failure, EINVAL, "cannot open log %.64s: not a file name", name);
    log = calloc(1, sizeof *log);
    if (!log)
        return fail(failure, ENOMEM, "cannot open log %s", name);
    log->dir = settings->dir;
    log->fd = -1;
    log->max = settings->max;
    log->files = settings->files ? settings->files : 1;
    snprintf(log->name, sizeof log->name, "%s", name);
    rc = open_file(log);
    if (rc < 0) {
        free(log);
        return fail(failure, -rc, "cannot open log %s", name);
    }
    *result = log;
    return 0;
}

int log_reopen(struct log *log)
{
    return open_file(log);
}

static int rotate(struct log *log)
{
    char from[300];
    char to[300];

    if (log->files == 1) {
        log->size = 0;
        return ftruncate(log->fd, 0) < 0 ? -errno : 0;
    }
    for (uint32_t i = log->files - 1; i > 0; i--) {
        snprintf(to, sizeof to, "%s.%u", log->name, i);
        snprintf(from, sizeof from, i > 1 ? "%s.%u" : "%s", log->name, i - 1);
        if (renameat(log->dir, from, log->dir, to) < 0 && errno != ENOENT)
            return -errno;
    }
    return open_file(log);
}

/* advances over what a short write has taken */
static void advance(struct iovec **parts, int *count, size_t written)
{
    while (*count > 0 && written >= (*parts)->iov_len) {
        written -= (*parts)->iov_len;
        (*parts)++;
        (*count)--;
    }
    if (*count > 0) {
        (*parts)->iov_base = (char *)(*parts)->iov_base + written;
        (*parts)->iov_len -= written;
    }
}

static void flush(struct batch *batch)
{
    struct iovec *parts = batch->parts;
    int count = batch->count;

    while (count > 0 && batch->rc == 0) {
        ssize_t n = writev(batch->log->fd, parts, count);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            batch->rc = -errno;
            break;
        }
        batch->log->size += (uint64_t)n;
        advance(&parts, &count, (size_t)n);
        batch->log->torn =
            count > 0 && parts->iov_base != batch->full && parts->iov_base != batch->part;
    }
    batch->count = 0;
    if (batch->rc == 0 && batch->log->max && batch->log->size >= batch->log->max)
        batch->rc = rotate(batch->log);
}

static void add(struct batch *batch, const void *data, size_t size)
{
    if (size > 0)
        batch->parts[batch->count++] =
            (struct iovec){.iov_base = (void *)(uintptr_t)data, .iov_len = size};
}

/* one line of the log: prefix, what was held, the rest; a piece needs its own newline */
static void add_line(struct batch *batch, bool full, const void *held, size_t held_size,
                     const void *data, size_t size)
{
    const char *prefix = full ? batch->full : batch->part;

    if (batch->count == 0 && batch->log->torn)
        add(batch, "\n", 1);
    add(batch, prefix, strlen(prefix));
    add(batch, held, held_size);
    add(batch, data, size);
    if (!full)
        add(batch, "\n", 1);
    if (batch->count > PARTS - 4)
        flush(batch);
}

static void begin(struct batch *batch, struct log *log, int stream)
{
    uint64_t now = clock_realtime_ns();
    time_t seconds = (time_t)(now / 1000000000);
    struct tm tm;
    char stamp[32];

    batch->log = log;
    batch->count = 0;
    batch->rc = 0;
    gmtime_r(&seconds, &tm);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(batch->full, PREFIX_SIZE, "%s.%09uZ %s F ", stamp, (unsigned)(now % 1000000000),
             stream == 0 ? "stdout" : "stderr");
    snprintf(batch->part, PREFIX_SIZE, "%s.%09uZ %s P ", stamp, (unsigned)(now % 1000000000),
             stream == 0 ? "stdout" : "stderr");
}

/* keeps the beginning of a line for the next read */
static int hold(struct log *log, int stream, const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (!log->held[stream])
        log->held[stream] = malloc(LINE_MAX_BYTES);
    if (!log->held[stream])
        return -ENOMEM;
    memcpy(log->held[stream] + log->held_size[stream], data, size);
    log->held_size[stream] += (uint32_t)size;
    return 0;
}

int log_write(struct log *log, int stream, const uint8_t *data, size_t size)
{
    size_t held = log->held_size[stream];
    struct batch batch;

    begin(&batch, log, stream);
    while (size > 0) {
        size_t room = LINE_MAX_BYTES - held;
        size_t reach = size < room ? size : room;
        const uint8_t *newline = memchr(data, '\n', reach);
        size_t take = newline ? (size_t)(newline - data) + 1 : reach;

        if (!newline && take < room)
            break;
        add_line(&batch, newline != NULL, log->held[stream], held, data, take);
        data += take;
        size -= take;
        held = 0;
    }
    flush(&batch);
    if (held == 0)
        log->held_size[stream] = 0;
    if (hold(log, stream, data, size) < 0)
        return -ENOMEM;
    if (log->held_size[stream] == 0) {
        free(log->held[stream]);
        log->held[stream] = NULL;
    }
    return batch.rc;
}

int log_end_stream(struct log *log, int stream)
{
    struct batch batch;

    if (log->held_size[stream] == 0)
        return 0;
    begin(&batch, log, stream);
    add_line(&batch, false, log->held[stream], log->held_size[stream], NULL, 0);
    flush(&batch);
    log->held_size[stream] = 0;
    free(log->held[stream]);
    log->held[stream] = NULL;
    return batch.rc;
}

void log_close(struct log *log)
{
    close_fd_at(&log->fd);
    close_fd_at(&log->dir);
    free(log->held[0]);
    free(log->held[1]);
    free(log);
}
