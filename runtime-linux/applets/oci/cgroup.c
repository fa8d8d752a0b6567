#define _GNU_SOURCE
#include "cgroup.h"

#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LAST_BREATH_MS 5000
#define DEPTH_MAX 16

int cgroup_path(const struct place *place, char *to, size_t size)
{
    if ((size_t)snprintf(to, size, "%s%s", place->mount, place->path) >= size)
        return say("cgroup path %.64s... is too long", place->path);
    return 0;
}

/* whether a list separated by spaces has the word */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    while (*list) {
        size_t n = strcspn(list, " \n");

        if (n == length && memcmp(list, word, n) == 0)
            return true;
        list += n + (list[n] != '\0');
    }
    return false;
}

/* version 2 alone has everything in its one directory: then it has controllers */
const struct place *cgroup_place(const struct container *container, const char *controller)
{
    for (int i = 0; i < container->place_count; i++)
        if (has_word(container->places[i].controllers, controller))
            return &container->places[i];
    for (int i = 0; i < container->place_count; i++)
        if (container->places[i].version == 2 && *container->places[i].controllers)
            return &container->places[i];
    return NULL;
}

/* a new cpuset of version 1 is empty and takes nobody until it has processors and memory */
static void inherit_cpuset(const char *path)
{
    static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};

    for (int i = 0; i < 2; i++) {
        char own[PATH_MAX];
        char text[4096];

        snprintf(own, sizeof own, "%s/%s", path, files[i]);
        if (read_file_at(AT_FDCWD, own, text, sizeof text) < 0 || text[strspn(text, "\n")])
            continue;
        snprintf(own, sizeof own, "%s/../%s", path, files[i]);
        if (read_file_at(AT_FDCWD, own, text, sizeof text) <= 0)
            continue;
        snprintf(own, sizeof own, "%s/%s", path, files[i]);
        if (write_file_at(AT_FDCWD, own, text) < 0)
            report_warning("cgroup %s does not inherit %s", path, files[i]);
    }
}

static void hand_down(const struct place *place, const char *path)
{
    char file[PATH_MAX];
    char available[1024] = "";
    char word[64];
    const char *at = place->controllers;

    if (place->version == 1) {
        if (place->flags & PLACE_CPUSET)
            inherit_cpuset(path);
        return;
    }
    if (!*at)
        return;
    snprintf(file, sizeof file, "%s/cgroup.controllers", path);
    if (read_file_at(AT_FDCWD, file, available, sizeof available) < 0)
        return;
    snprintf(file, sizeof file, "%s/cgroup.subtree_control", path);
    while (*at) {
        int n = (int)strcspn(at, " ");

        snprintf(word, sizeof word, "%.*s", n, at);
        if (has_word(available, word)) {
            snprintf(word, sizeof word, "+%.*s", n, at);
            if (write_file_at(AT_FDCWD, file, word) < 0)
                report_warning("cgroup %s does not hand %s down", path, word + 1);
        }
        at += n + (at[n] == ' ');
    }
}

static int make_parents(const struct place *place, const char *path)
{
    size_t mount = strlen(place->mount);
    char part[PATH_MAX];

    hand_down(place, place->mount);
    for (const char *at = strchr(path + mount + 1, '/'); at; at = strchr(at + 1, '/')) {
        memcpy(part, path, (size_t)(at - path));
        part[at - path] = '\0';
        if (mkdir(part, 0755) < 0 && errno != EEXIST)
            return -errno;
        hand_down(place, part);
    }
    return 0;
}

/* whether a process is in it or in one below */
static bool in_use(const struct place *place);

/* a directory that the caller made for us, or that is left of a container that is gone, is used */
int cgroup_make_place(const struct place *place)
{
    char path[PATH_MAX];
    int rc;

    if (cgroup_path(place, path, sizeof path) < 0)
        return -1;
    rc = mkdir(path, 0755) < 0 ? -errno : 0;
    if (rc == -ENOENT) {
        rc = make_parents(place, path);
        if (rc == 0)
            rc = mkdir(path, 0755) < 0 ? -errno : 0;
    }
    if (rc == -EEXIST) {
        rc = 0;
        if (in_use(place))
            return say("cannot use cgroup %s: there are processes in it", path);
    }
    if (rc < 0)
        return say_errno(-rc, "cannot make cgroup %s", path);
    if (place->flags & PLACE_CPUSET)
        inherit_cpuset(path);
    return 0;
}

/* a place that was not made is not the container's: nothing in it is ever killed or removed */
int cgroup_make(struct container *container)
{
    for (int i = 0; i < container->place_count; i++) {
        if (cgroup_make_place(&container->places[i]) == 0)
            continue;
        container->place_count = i;
        return -1;
    }
    return 0;
}

int cgroup_move(const struct place *place, pid_t pid)
{
    char path[PATH_MAX];
    char text[16];
    int rc;

    snprintf(path, sizeof path, "%.2000s%.2000s/cgroup.procs", place->mount, place->path);
    snprintf(text, sizeof text, "%d", pid);
    rc = write_file_at(AT_FDCWD, path, text);
    return rc < 0 && rc != -ESRCH ? say_errno(-rc, "cannot move a process to cgroup %s", path) : 0;
}

static int write_setting(const struct place *place, const char *controller, const char *file,
                         const char *value)
{
    char path[PATH_MAX];
    char full[PATH_MAX];
    int rc;

    if (cgroup_path(place, path, sizeof path) < 0)
        return -ENAMETOOLONG;
    snprintf(full, sizeof full, "%.3500s/%s", path, file);
    rc = write_file_at(AT_FDCWD, full, value);
    if (rc == -ENOENT && place->version == 2) {
        char word[64];
        char up[PATH_MAX];

        snprintf(up, sizeof up, "%.3500s/../cgroup.subtree_control", path);
        snprintf(word, sizeof word, "+%s", controller);
        if (write_file_at(AT_FDCWD, up, word) == 0)
            rc = write_file_at(AT_FDCWD, full, value);
    } else if (rc == -EINVAL && strcmp(file, "memory.limit_in_bytes") == 0) {
        char both[PATH_MAX];

        /* above the limit of memory and swap: that one has to go up first */
        snprintf(both, sizeof both, "%.3500s/memory.memsw.limit_in_bytes", path);
        if (write_file_at(AT_FDCWD, both, value) == 0)
            rc = write_file_at(AT_FDCWD, full, value);
    }
    return rc;
}

int cgroup_apply(const struct container *container, struct wire_reader *settings)
{
    uint32_t count = wire_u32(settings);

    for (uint32_t i = 0; i < count && !settings->bad; i++) {
        const char *controller = wire_string(settings);
        const char *file = wire_string(settings);
        const char *value = wire_string(settings);
        const char *pointer = wire_string(settings);
        const struct place *place = cgroup_place(container, controller);
        int rc;

        if (settings->bad)
            break;
        if (!place)
            return say("cannot set the container's limit at %s: it has no cgroup for %s; create it "
                       "with such a limit",
                       pointer, controller);
        rc = write_setting(place, controller, file, value);
        if (rc < 0)
            return say_errno(-rc, "cannot set the container's limit at %s: '%s' for %s", pointer,
                             value, file);
    }
    return settings->bad ? say("the plan compiler's answer is malformed") : 0;
}

/* bpf(2): only what a device program needs (4.15) */
struct bpf_load {
    uint32_t type;
    uint32_t count;
    uint64_t instructions;
    uint64_t license;
    uint32_t log_level;
    uint32_t log_size;
    uint64_t log;
    uint32_t version;
    uint32_t flags;
};

struct bpf_attach {
    uint32_t target;
    uint32_t program;
    uint32_t type;
    uint32_t flags;
};

enum { BPF_LOAD = 5, BPF_ATTACH = 8, BPF_CGROUP_DEVICE = 15, BPF_AT_DEVICE = 6, BPF_MULTI = 2 };

static int load_program(const void *code, size_t size)
{
    struct bpf_load load = {.type = BPF_CGROUP_DEVICE,
                            .count = (uint32_t)(size / 8),
                            .instructions = (uint64_t)(uintptr_t)code,
                            .license = (uint64_t)(uintptr_t) "Apache-2.0"};
    long fd = syscall(SYS_bpf, BPF_LOAD, &load, sizeof load);

    return fd < 0 ? -errno : (int)fd;
}

int cgroup_attach_program(const struct container *container, struct wire_bytes program)
{
    struct bpf_attach attach = {.type = BPF_AT_DEVICE, .flags = BPF_MULTI};
    char path[PATH_MAX];
    cleanup_fd int code = -1;
    cleanup_fd int dir = -1;

    if (program.size == 0)
        return 0;
    code = load_program(program.data, program.size);
    if (code == -EPERM || code == -ENOSYS || code == -EINVAL)
        return 1;
    if (code < 0)
        return say_errno(-code, "cannot load the device program");
    for (int i = 0; i < container->place_count && dir < 0; i++) {
        if (container->places[i].version != 2)
            continue;
        if (cgroup_path(&container->places[i], path, sizeof path) < 0)
            return -1;
        dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    attach.target = (uint32_t)dir;
    attach.program = (uint32_t)code;
    if (dir < 0 || syscall(SYS_bpf, BPF_ATTACH, &attach, sizeof attach) < 0)
        return say_errno(errno, "cannot attach the device program to the container's cgroup");
    return 0;
}

int cgroup_open(const struct container *container, int *fds)
{
    for (int i = 0; i < container->place_count; i++) {
        char path[PATH_MAX];

        if (cgroup_path(&container->places[i], path, sizeof path) < 0)
            return -1;
        fds[i] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fds[i] < 0)
            return say_errno(errno, "cannot open cgroup %s", path);
    }
    return 0;
}

/* version 2 can freeze wherever it is mounted, else the controller of that name */
static const struct place *freezer(const struct container *container)
{
    for (int i = 0; i < container->place_count; i++)
        if (container->places[i].version == 2 ||
            has_word(container->places[i].controllers, "freezer"))
            return &container->places[i];
    return NULL;
}

static bool frozen_now(const struct place *place)
{
    char path[PATH_MAX];
    char text[256];
    const char *name = place->version == 2 ? "cgroup.events" : "freezer.state";

    snprintf(path, sizeof path, "%s%s/%s", place->mount, place->path, name);
    if (read_file_at(AT_FDCWD, path, text, sizeof text) < 0)
        return false;
    return strstr(text, place->version == 2 ? "frozen 1" : "FROZEN") != NULL;
}

bool cgroup_frozen(const struct container *container)
{
    const struct place *place = freezer(container);

    return place && frozen_now(place);
}

/* cgroup.events tells its changes by POLLPRI; v1's freezer has to be asked again */
static int await_frozen(const struct place *place, bool frozen)
{
    uint64_t deadline = clock_ms() + LAST_BREATH_MS;
    char path[PATH_MAX];
    cleanup_fd int fd = -1;

    snprintf(path, sizeof path, "%s%s/cgroup.events", place->mount, place->path);
    if (place->version == 2)
        fd = open(path, O_RDONLY | O_CLOEXEC);
    while (frozen_now(place) != frozen) {
        struct pollfd event = {.fd = fd, .events = POLLPRI};
        char ignored[256];

        if (clock_ms() >= deadline)
            return -ETIMEDOUT;
        if (poll(&event, fd >= 0 ? 1 : 0, fd >= 0 ? clock_wait(deadline) : 1) < 0 &&
            errno != EINTR)
            return -errno;
        if (fd >= 0 && pread(fd, ignored, sizeof ignored, 0) < 0)
            return -errno;
    }
    return 0;
}

int cgroup_freeze(const struct container *container, bool freeze)
{
    const struct place *place = freezer(container);
    char path[PATH_MAX];
    int rc;

    if (!place)
        return say("container %s has no cgroup that can freeze", container->id);
    if (place->version == 2) {
        snprintf(path, sizeof path, "%s%s/cgroup.freeze", place->mount, place->path);
        rc = write_file_at(AT_FDCWD, path, freeze ? "1" : "0");
    } else {
        snprintf(path, sizeof path, "%s%s/freezer.state", place->mount, place->path);
        rc = write_file_at(AT_FDCWD, path, freeze ? "FROZEN" : "THAWED");
    }
    if (rc == 0)
        rc = await_frozen(place, freeze);
    if (rc < 0)
        return say_errno(-rc, "cannot %s container %s", freeze ? "freeze" : "thaw",
                         container->id);
    return 0;
}

struct pids {
    pid_t *items;
    int count;
    int room;
};

static int add_pid(struct pids *pids, pid_t pid)
{
    if (pids->count == pids->room) {
        int room = pids->room ? 2 * pids->room : 64;
        pid_t *items = realloc(pids->items, (size_t)room * sizeof *items);

        if (!items)
            return -ENOMEM;
        pids->items = items;
        pids->room = room;
    }
    pids->items[pids->count++] = pid;
    return 0;
}

static int collect(int dir, struct pids *pids, int depth)
{
    int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    DIR *entries;
    struct dirent *entry;
    int rc = 0;
    int pid;

    if (!file) {
        rc = -errno;
        if (fd >= 0)
            close(fd);
        return rc;
    }
    while (rc == 0 && fscanf(file, "%d", &pid) == 1)
        rc = pid > 0 ? add_pid(pids, pid) : 0;
    fclose(file);
    fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    entries = fd < 0 ? NULL : fdopendir(fd);
    if (!entries)
        return -errno;
    while (rc == 0 && depth < DEPTH_MAX && (entry = readdir(entries)) != NULL) {
        cleanup_fd int child = -1;

        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        child = openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        rc = child < 0 ? 0 : collect(child, pids, depth + 1);
    }
    closedir(entries);
    return rc;
}

static const struct place *main_place(const struct container *container)
{
    for (int i = 0; i < container->place_count; i++)
        if (container->places[i].flags & PLACE_KILL)
            return &container->places[i];
    return NULL;
}

static int collect_place(const struct place *place, struct pids *pids)
{
    char path[PATH_MAX];
    cleanup_fd int dir = -1;

    if (cgroup_path(place, path, sizeof path) < 0)
        return -ENAMETOOLONG;
    dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return -errno;
    return collect(dir, pids, 0);
}

static bool in_use(const struct place *place)
{
    struct pids pids = {.count = 0};
    bool used = collect_place(place, &pids) < 0 || pids.count > 0;

    free(pids.items);
    return used;
}

int cgroup_processes(const struct container *container, pid_t **result)
{
    const struct place *place = main_place(container);
    struct pids pids = {.count = 0};
    int rc = place ? collect_place(place, &pids) : 0;

    if (rc < 0 && rc != -ENOENT) {
        free(pids.items);
        return say_errno(-rc, "cannot read the processes of container %s", container->id);
    }
    *result = pids.items;
    return pids.count;
}

/* a cgroup with all that is below it */
static int remove_tree(const char *path, int depth)
{
    DIR *entries;
    struct dirent *entry;

    if (rmdir(path) == 0 || errno == ENOENT)
        return 0;
    if (errno != EBUSY && errno != ENOTEMPTY)
        return -errno;
    entries = opendir(path);
    while (entries && depth < DEPTH_MAX && (entry = readdir(entries)) != NULL) {
        char child[PATH_MAX];

        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        if ((size_t)snprintf(child, sizeof child, "%s/%s", path, entry->d_name) < sizeof child)
            remove_tree(child, depth + 1);
    }
    if (entries)
        closedir(entries);
    return rmdir(path) < 0 && errno != ENOENT ? -errno : 0;
}

/* kills all processes of the place and waits for their ends */
static void kill_place(const struct place *place, uint64_t deadline)
{
    struct pids pids = {.count = 0};
    char path[PATH_MAX];
    bool thaw = place->version == 2 || has_word(place->controllers, "freezer");

    if (collect_place(place, &pids) == 0) {
        for (int i = 0; i < pids.count; i++) {
            int fd = k_pidfd_open(pids.items[i]);

            pids.items[i] = fd;
            if (fd >= 0)
                k_pidfd_send_signal(fd, SIGKILL);
        }
        if (thaw) {
            bool v2 = place->version == 2;

            snprintf(path, sizeof path, "%s%s/%s", place->mount, place->path,
                     v2 ? "cgroup.freeze" : "freezer.state");
            write_file_at(AT_FDCWD, path, v2 ? "0" : "THAWED");
        }
        for (int i = 0; i < pids.count; i++) {
            struct pollfd end = {.fd = pids.items[i], .events = POLLIN};

            if (pids.items[i] < 0)
                continue;
            poll(&end, 1, clock_wait(deadline));
            close(pids.items[i]);
        }
    }
    free(pids.items);
}

int cgroup_remove(const struct container *container)
{
    uint64_t deadline = clock_ms() + LAST_BREATH_MS;

    for (int i = 0; i < container->place_count; i++) {
        const struct place *place = &container->places[i];
        char path[PATH_MAX];
        int rc;

        if (cgroup_path(place, path, sizeof path) < 0)
            return -1;
        while ((rc = remove_tree(path, 0)) == -EBUSY && clock_ms() < deadline) {
            kill_place(place, deadline);
            if (remove_tree(path, 0) == 0)
                break;
            poll(NULL, 0, 1); /* a process that was reaped leaves its cgroup a moment later */
        }
        if (rc < 0 && rc != -EBUSY)
            return say_errno(-rc, "cannot remove cgroup %s", path);
        if (rc == -EBUSY && access(path, F_OK) == 0)
            return say("cannot remove cgroup %s: a process in it does not end", path);
    }
    return 0;
}

/* one line of /proc/self/mountinfo: the mount point of a cgroup's hierarchy that shows its root */
static bool parse_mount(char *line, const char **mount, bool *unified)
{
    char *separator = strstr(line, " - cgroup");
    char *fields[5];
    char *at = line;

    if (!separator)
        return false;
    *separator = '\0';
    *unified = strncmp(separator + 3, "cgroup2 ", 8) == 0;
    for (int i = 0; i < 5; i++) {
        fields[i] = strsep(&at, " ");
        if (!fields[i])
            return false;
    }
    *mount = fields[4];
    return strcmp(fields[3], "/") == 0;
}

static void enter(const char *directory)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%.4000s/cgroup.procs", directory);
    if (write_file_at(AT_FDCWD, path, "0") < 0)
        dprintf(2, "cannot enter cgroup %s: %s\n", directory, strerror(errno));
}

/*
 * Version 1: the root of each hierarchy, where nothing is left behind. Version 2: a directory of
 * its own, because the root is no place for processes where controllers are handed down.
 */
bool cgroup_leave_callers(char *made, size_t size)
{
    char line[4096];
    FILE *mounts = fopen("/proc/self/mountinfo", "re");
    bool own = false;

    if (!mounts)
        return false;
    while (fgets(line, sizeof line, mounts)) {
        const char *mount;
        bool unified;

        if (!parse_mount(line, &mount, &unified))
            continue;
        if (!unified) {
            enter(mount);
            continue;
        }
        snprintf(made, size, "%s/felucca-compiler", mount);
        own = mkdir(made, 0755) == 0 || errno == EEXIST;
        enter(own ? made : mount);
    }
    fclose(mounts);
    return own;
}
