/* What a container's cgroups limit, and which devices they let through. */
#define _GNU_SOURCE
#include "cgroup.h"

#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

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

long long cgroup_number(const struct place *place, const char *file)
{
    char path[PATH_MAX];
    char full[PATH_MAX];
    char text[64];

    if (cgroup_path(place, path, sizeof path) < 0)
        return -1;
    snprintf(full, sizeof full, "%.3500s/%s", path, file);
    return read_file_at(AT_FDCWD, full, text, sizeof text) < 0 ? -1 : strtoll(text, NULL, 10);
}
