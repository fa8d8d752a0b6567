#define _GNU_SOURCE
#include "state.h"

#include "cgroup.h"
#include "lib/fd.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STATE_VERSION 1u
#define STATE_MAX (17u << 20)

/* makes what is missing of a path, private to this user */
static int make_path(const char *path)
{
    char part[4096];

    if (strlen(path) >= sizeof part)
        return -ENAMETOOLONG;
    for (const char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        memcpy(part, path, (size_t)(at - path));
        part[at - path] = '\0';
        if (mkdir(part, 0711) < 0 && errno != EEXIST)
            return -errno;
    }
    return mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int root_check(void)
{
    cleanup_fd int fd = open(globals.root, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;

    if (fd < 0 && errno == ENOENT)
        return -ENOENT;
    if (fd < 0 && errno == ENOTDIR) {
        say("cannot use root %s: it is a link or no directory; use another --root", globals.root);
        return -ENOTDIR;
    }
    if (fd < 0 || fstat(fd, &st) < 0) {
        say_errno(errno, "cannot use root %s", globals.root);
        return -EPERM;
    }
    if (st.st_uid == geteuid() && !(st.st_mode & (S_IWGRP | S_IWOTH)))
        return 0;
    say("cannot use root %s: %s; remove it, or use another --root", globals.root,
        st.st_uid == geteuid() ? "others may write to it" : "it is another user's");
    return -EPERM;
}

int root_make(void)
{
    int rc = root_check();

    if (rc == -ENOENT) {
        rc = make_path(globals.root);
        if (rc < 0)
            return say_errno(-rc, "cannot make %s", globals.root);
        rc = root_check();
    }
    return rc == -ENOENT ? say_errno(ENOENT, "cannot use root %s", globals.root) : rc;
}

static int open_dir(const char *id)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", globals.root, id);
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int state_make(struct container *container, const char *id)
{
    char path[4096];
    int rc;

    container->id = id;
    container->dir = -1;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", globals.root, id) >= sizeof path)
        return say("cannot use root %s: the path is too long", globals.root);
    if (root_make() < 0)
        return -1;
    rc = mkdir(path, 0700) < 0 ? -errno : 0;
    if (rc == -EEXIST)
        return say("container with id %s exists already; delete it first, or use another id", id);
    if (rc < 0)
        return say_errno(-rc, "cannot make %s", path);
    container->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (container->dir < 0)
        return say_errno(errno, "cannot open %s", path);
    return 0;
}

static size_t size_of(const struct container *container)
{
    size_t size = 256 + strlen(container->bundle) + strlen(container->rootfs) +
                  strlen(container->document) + container->config.size;

    for (int i = 0; i < container->place_count; i++)
        size += 64 + strlen(container->places[i].mount) + strlen(container->places[i].path) +
                strlen(container->places[i].controllers);
    return size;
}

int state_save(const struct container *container)
{
    size_t size = size_of(container);
    cleanup_free void *buffer = malloc(size);
    struct wire_writer out = wire_writer(buffer, size);
    int rc;

    if (!buffer)
        return say("out of memory");
    wire_put_u32(&out, STATE_VERSION);
    wire_put_u32(&out, container->flags);
    wire_put_u32(&out, (uint32_t)container->pid);
    wire_put_u64(&out, container->start);
    wire_put_u64(&out, container->created);
    wire_put_string(&out, container->bundle);
    wire_put_string(&out, container->rootfs);
    wire_put_string(&out, container->document);
    wire_put_u32(&out, (uint32_t)container->place_count);
    for (int i = 0; i < container->place_count; i++) {
        const struct place *place = &container->places[i];

        wire_put_u32(&out, place->version);
        wire_put_u32(&out, place->flags);
        wire_put_string(&out, place->mount);
        wire_put_string(&out, place->path);
        wire_put_string(&out, place->controllers);
    }
    wire_put_bytes(&out, container->config.data, container->config.size);
    if (out.bad)
        return say("cannot write the state of container %s: too large", container->id);
    rc = replace_file_at(container->dir, "state", (const char *)out.start, out.used);
    if (rc < 0)
        return say_errno(-rc, "cannot write the state of container %s", container->id);
    return 0;
}

/* the whole file, allocated; NULL with errno set */
static void *read_whole(int dir, const char *name, size_t *size)
{
    cleanup_fd int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    cleanup_free uint8_t *bytes = NULL;
    struct stat st;
    size_t used = 0;

    if (fd < 0 || fstat(fd, &st) < 0)
        return NULL;
    if (st.st_size > (off_t)STATE_MAX) {
        errno = EFBIG;
        return NULL;
    }
    bytes = malloc((size_t)st.st_size + 1);
    while (bytes && used < (size_t)st.st_size) {
        ssize_t n = read(fd, bytes + used, (size_t)st.st_size - used);

        if (n <= 0) {
            errno = n < 0 ? errno : EIO;
            return NULL;
        }
        used += (size_t)n;
    }
    *size = used;
    return steal_pointer(&bytes);
}

bool state_decode(struct container *container, const void *bytes, size_t size)
{
    struct wire_reader in = wire_reader(bytes, size);

    if (wire_u32(&in) != STATE_VERSION)
        return false;
    container->flags = wire_u32(&in);
    container->pid = (pid_t)wire_u32(&in);
    container->start = wire_u64(&in);
    container->created = wire_u64(&in);
    container->bundle = wire_string(&in);
    container->rootfs = wire_string(&in);
    container->document = wire_string(&in);
    container->place_count = (int)wire_u32(&in);
    if (container->place_count < 0 || container->place_count > PLACES_MAX)
        return false;
    for (int i = 0; i < container->place_count; i++) {
        struct place *place = &container->places[i];

        place->version = wire_u32(&in);
        place->flags = wire_u32(&in);
        place->mount = wire_string(&in);
        place->path = wire_string(&in);
        place->controllers = wire_string(&in);
    }
    container->config = wire_bytes(&in);
    return !in.bad;
}

int state_load(struct container *container, const char *id)
{
    size_t size = 0;
    int rc = root_check();

    *container = (struct container){.id = id, .dir = rc == 0 ? open_dir(id) : -1};
    if (rc < 0)
        errno = -rc;
    if (rc < 0 && rc != -ENOENT)
        return -1;
    if (container->dir >= 0)
        container->memory = read_whole(container->dir, "state", &size);
    if (!container->memory && errno == ENOENT)
        return say("container %s does not exist", id);
    if (!container->memory)
        return say_errno(errno, "cannot read the state of container %s", id);
    if (!state_decode(container, container->memory, size))
        return say("cannot read the state of container %s: it is of another version; delete %s/%s",
                   id, globals.root, id);
    return 0;
}

int state_remove(struct container *container)
{
    static const char *const files[] = {"state", "plan", "start", ".state.new", ".plan.new"};
    char path[4096];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (unlinkat(container->dir, files[i], 0) < 0 && errno != ENOENT)
            return say_errno(errno, "cannot remove %s of container %s", files[i], container->id);
    close_fd_at(&container->dir);
    snprintf(path, sizeof path, "%s/%s", globals.root, container->id);
    if (rmdir(path) < 0 && errno != ENOENT)
        return say_errno(errno, "cannot remove %s", path);
    return 0;
}

/* state letter and start time; false when there is no such process */
static bool read_stat(pid_t pid, char *letter, uint64_t *start)
{
    char path[32];
    char text[1024];
    const char *at;
    unsigned long long value;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (pid <= 0 || read_file_at(AT_FDCWD, path, text, sizeof text) < 0)
        return false;
    at = strrchr(text, ')');
    if (!at || sscanf(at + 1,
                      " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d "
                      "%*d %llu",
                      letter, &value) != 2)
        return false;
    *start = value;
    return true;
}

uint64_t state_start_time(pid_t pid)
{
    uint64_t start = 0;
    char letter;

    return read_stat(pid, &letter, &start) ? start : 0;
}

bool state_alive(const struct container *container)
{
    uint64_t start;
    char letter;

    return read_stat(container->pid, &letter, &start) && start == container->start &&
           letter != 'Z' && letter != 'X';
}

int state_signal(const struct container *container, int number)
{
    cleanup_fd int fd = k_pidfd_open(container->pid);

    if (fd < 0)
        return fd;
    /* now that the descriptor holds it, it is still the one that was meant */
    return state_alive(container) ? k_pidfd_send_signal(fd, number) : -ESRCH;
}

enum status state_status(const struct container *container)
{
    if (!state_alive(container))
        return STATUS_STOPPED;
    if (cgroup_frozen(container))
        return STATUS_PAUSED;
    return faccessat(container->dir, "start", F_OK, 0) == 0 ? STATUS_CREATED : STATUS_RUNNING;
}

const char *state_name(enum status status)
{
    static const char *const names[] = {"created", "running", "paused", "stopped"};

    return names[status];
}

static size_t format_created(const struct container *container, char *to, size_t size)
{
    time_t seconds = (time_t)(container->created / 1000000000u);
    struct tm utc;
    size_t used;

    gmtime_r(&seconds, &utc);
    used = strftime(to, size, "%Y-%m-%dT%H:%M:%S", &utc);
    return used + (size_t)snprintf(to + used, size - used, ".%09uZ",
                                   (unsigned)(container->created % 1000000000u));
}

char *state_document(const struct container *container, enum status status)
{
    size_t size = strlen(container->document) + 128;
    char *text = malloc(size);
    char *to = text;

    if (!text)
        return NULL;
    for (const char *from = container->document; *from; from++) {
        size_t left = size - (size_t)(to - text);

        if (*from == 1)
            to += snprintf(to, left, "%d", status == STATUS_STOPPED ? 0 : container->pid);
        else if (*from == 2)
            to += snprintf(to, left, "%s", state_name(status));
        else if (*from == 3)
            to += format_created(container, to, left);
        else
            *to++ = *from;
    }
    *to = '\0';
    return text;
}

int state_save_plan(const struct container *container, const void *plan, size_t size)
{
    int rc = replace_file_at(container->dir, "plan", plan, size);

    return rc < 0 ? say_errno(-rc, "cannot write the plan of container %s", container->id) : 0;
}

void *state_load_plan(const struct container *container, size_t *size)
{
    *size = 0;
    return read_whole(container->dir, "plan", size);
}
