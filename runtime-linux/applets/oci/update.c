/* update: new limits of a container that is there. */
#define _GNU_SOURCE
#include "cgroup.h"
#include "compiler.h"
#include "files.h"
#include "lib/fd.h"
#include "lifecycle.h"
#include "state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* one option of a single value: where it stands in /linux/resources */
struct limit {
    const char *names;
    const char *section;
    const char *member;
    enum { LIMIT_NUMBER, LIMIT_BYTES, LIMIT_TEXT } kind;
    const char *value;
};

static struct limit limits[] = {
    {"blkio-weight", "blockIO", "weight", LIMIT_NUMBER, NULL},
    {"cpu-period", "cpu", "period", LIMIT_NUMBER, NULL},
    {"cpu-quota", "cpu", "quota", LIMIT_NUMBER, NULL},
    {"cpu-burst", "cpu", "burst", LIMIT_NUMBER, NULL},
    {"cpu-share", "cpu", "shares", LIMIT_NUMBER, NULL},
    {"cpu-rt-period", "cpu", "realtimePeriod", LIMIT_NUMBER, NULL},
    {"cpu-rt-runtime", "cpu", "realtimeRuntime", LIMIT_NUMBER, NULL},
    {"cpu-idle", "cpu", "idle", LIMIT_NUMBER, NULL},
    {"cpuset-cpus", "cpu", "cpus", LIMIT_TEXT, NULL},
    {"cpuset-mems", "cpu", "mems", LIMIT_TEXT, NULL},
    {"memory", "memory", "limit", LIMIT_BYTES, NULL},
    {"memory-reservation", "memory", "reservation", LIMIT_BYTES, NULL},
    {"memory-swap", "memory", "swap", LIMIT_BYTES, NULL},
    {"pids-limit", "pids", "limit", LIMIT_NUMBER, NULL},
};

enum { LIMITS = sizeof limits / sizeof *limits };

/* 64m, 1g, 512k, 100, -1; binary units */
static int parse_number(const struct limit *limit, long long *number)
{
    char *end;
    static const char units[] = "bkmgt";
    const char *unit;

    errno = 0;
    *number = strtoll(limit->value, &end, 10);
    if (end == limit->value || errno)
        return say("option --%s: '%s' is no number", limit->names, limit->value);
    if (*end == '\0')
        return 0;
    unit = strchr(units, *end >= 'A' && *end <= 'Z' ? *end + 32 : *end);
    if (limit->kind != LIMIT_BYTES || !unit || *number < 0 ||
        (end[1] && strcmp(end + 1, "b") != 0 && strcmp(end + 1, "B") != 0) ||
        *number > (1ll << 62) >> 10 * (unit - units))
        return say("option --%s: '%s' is no number", limit->names, limit->value);
    *number <<= 10 * (unit - units);
    return 0;
}

static int put_member(FILE *out, const struct limit *limit)
{
    long long number;

    if (limit->kind == LIMIT_TEXT) {
        if (strspn(limit->value, "0123456789,-") != strlen(limit->value))
            return say("option --%s: '%s' is no list like 0-3,7", limit->names, limit->value);
        fprintf(out, "\"%s\":\"%s\"", limit->member, limit->value);
        return 0;
    }
    if (parse_number(limit, &number) < 0)
        return -1;
    fprintf(out, "\"%s\":%lld", limit->member, number);
    return 0;
}

/* the options as /linux/resources; limits of a section stand together in the table */
static char *document(size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    const char *section = NULL;
    int rc = 0;

    if (!out)
        return NULL;
    fputc('{', out);
    for (int i = 0; i < LIMITS && rc == 0; i++) {
        if (!limits[i].value)
            continue;
        if (!section || strcmp(section, limits[i].section) != 0)
            fprintf(out, "%s\"%s\":{", section ? "}," : "", limits[i].section);
        else
            fputc(',', out);
        section = limits[i].section;
        rc = put_member(out, &limits[i]);
    }
    fputs(section ? "}}" : "}", out);
    fclose(out);
    if (rc == 0)
        return text;
    free(text);
    return NULL;
}

/* a cgroup for a limit that the container did not have so far: all its processes move there */
static int join_place(struct container *container, const struct place *place)
{
    pid_t *pids = NULL;
    int count;
    int rc = 0;

    for (int i = 0; i < container->place_count; i++)
        if (strcmp(container->places[i].mount, place->mount) == 0)
            return 0;
    if (container->place_count == PLACES_MAX)
        return say("container %s has too many cgroups", container->id);
    if (cgroup_make_place(place) < 0)
        return -1;
    count = cgroup_processes(container, &pids);
    for (int i = 0; i < count && rc == 0; i++)
        rc = cgroup_move(place, pids[i]);
    free(pids);
    container->places[container->place_count++] = *place;
    return count < 0 || rc < 0 ? -1 : state_save(container);
}

/* checkBeforeUpdate: a limit below what is in use would have the kernel kill for it */
static int check_use(const struct container *container, uint64_t most)
{
    const struct place *place = cgroup_place(container, "memory");
    long long used = place ? cgroup_number(place, place->version == 2 ? "memory.current"
                                                                      : "memory.usage_in_bytes")
                           : 0;

    if (used <= 0 || (uint64_t)used <= most)
        return 0;
    return say("cannot set the container's limit at /linux/resources/memory/limit: %llu is less "
               "than the %lld bytes in use, and checkBeforeUpdate is set; give at least what is in "
               "use",
               (unsigned long long)most, used);
}

static int apply(struct container *container, const char *resources, size_t size)
{
    cleanup_free char *mounts = file_cgroup_mounts();
    struct container wanted = {.id = container->id};
    struct request request;
    struct answer answer;
    int rc;

    if (!mounts)
        return say_errno(errno, "cannot read /proc/self/mountinfo");
    if (container->place_count == 0)
        return say("container %s has no cgroup", container->id);
    if (request_begin(&request, REQUEST_UPDATE,
                      size + strlen(mounts) + strlen(container->places[0].path)) < 0)
        return -1;
    wire_put_string(&request.out, container->places[0].path);
    wire_put_bytes(&request.out, resources, size);
    wire_put_string(&request.out, mounts);
    if (request_send(&request, &answer) < 0)
        return -1;
    rc = answer_places(&answer.in, &wanted);
    if (rc == 0)
        rc = check_use(container, wire_u64(&answer.in));
    for (int i = 0; i < wanted.place_count && rc == 0; i++)
        rc = join_place(container, &wanted.places[i]);
    if (rc == 0)
        rc = cgroup_apply(container, &answer.in);
    answer_free(&answer);
    return rc;
}

int command_update(int argc, char **argv)
{
    struct option options[LIMITS + 5] = {{NULL, OPTION_FLAG, NULL}};
    const char *file = NULL;
    const char *id;
    struct container container;
    cleanup_free char *resources = NULL;
    size_t size = 0;
    int n = 0;

    for (; n < LIMITS; n++)
        options[n] = (struct option){limits[n].names, OPTION_TEXT, &limits[n].value};
    options[n++] = (struct option){"resources,r", OPTION_TEXT, &file};
    options[n++] = (struct option){"kernel-memory", OPTION_TEXT, NULL}; /* as runc: no effect */
    options[n++] = (struct option){"kernel-memory-tcp", OPTION_TEXT, NULL};
    options[n] = (struct option){NULL, OPTION_FLAG, NULL};
    id = options_id(argc, argv, options_read(options, argc, argv), 1);
    if (!id || state_load(&container, id) < 0)
        return 1;
    if (state_status(&container) == STATUS_STOPPED) {
        say("cannot update a stopped container");
        return 1;
    }
    if (file) {
        resources = file_read(file, &size);
        if (!resources)
            say_errno(errno, "cannot read %s", file);
    } else {
        resources = document(&size);
    }
    return resources && apply(&container, resources, size) == 0 ? 0 : 1;
}
