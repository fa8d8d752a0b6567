/* events: what the container uses, once or at intervals, and that it ran out of memory. */
#define _GNU_SOURCE
#include "cgroup.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* a file of the place that holds this controller's; false where there is none */
static bool read_usage(const struct container *container, const char *controller, const char *v1,
                       const char *v2, char *text, size_t size)
{
    const struct place *place = cgroup_place(container, controller);
    char path[PATH_MAX];

    if (!place || cgroup_path(place, path, sizeof path) < 0)
        return false;
    if (strlen(path) + 64 > sizeof path)
        return false;
    strcat(path, "/");
    strcat(path, place->version == 1 ? v1 : v2);
    return read_file_at(AT_FDCWD, path, text, size) >= 0;
}

/* the number in the file, or behind the word at the beginning of a line; 0 where there is none */
static unsigned long long number_of(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = text; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
        if (length == 0 || (strncmp(at, word, length) == 0 && at[length] == ' '))
            return strtoull(at + length, NULL, 10);
    return 0;
}

static void print_cpu(const struct container *container)
{
    char text[4096];
    const struct place *place = cgroup_place(container, "cpuacct");
    unsigned long long total = 0;

    if (place && place->version == 1) {
        if (read_usage(container, "cpuacct", "cpuacct.usage", "", text, sizeof text))
            total = number_of(text, "");
    } else if (read_usage(container, "cpu", "", "cpu.stat", text, sizeof text)) {
        total = 1000 * number_of(text, "usage_usec");
    }
    printf("\"cpu\":{\"usage\":{\"total\":%llu},", total);
    if (!read_usage(container, "cpu", "cpu.stat", "cpu.stat", text, sizeof text))
        text[0] = '\0';
    printf("\"throttling\":{\"periods\":%llu,\"throttledPeriods\":%llu}}",
           number_of(text, "nr_periods"), number_of(text, "nr_throttled"));
}

static void print_memory(const struct container *container)
{
    char text[4096];
    unsigned long long usage = 0;
    unsigned long long limit = 0;
    unsigned long long cache = 0;

    if (read_usage(container, "memory", "memory.usage_in_bytes", "memory.current", text,
                   sizeof text))
        usage = number_of(text, "");
    if (read_usage(container, "memory", "memory.limit_in_bytes", "memory.max", text, sizeof text))
        limit = strncmp(text, "max", 3) == 0 ? ULLONG_MAX : number_of(text, "");
    if (read_usage(container, "memory", "memory.stat", "memory.stat", text, sizeof text))
        cache = number_of(text, "cache") + number_of(text, "file");
    printf("\"memory\":{\"cache\":%llu,\"usage\":{\"limit\":%llu,\"usage\":%llu}}", cache, limit,
           usage);
}

static void print_pids(const struct container *container)
{
    char text[64];
    unsigned long long current = 0;
    unsigned long long limit = 0;

    if (read_usage(container, "pids", "pids.current", "pids.current", text, sizeof text)) {
        current = number_of(text, "");
    } else {
        pid_t *pids = NULL;
        int count = cgroup_processes(container, &pids);

        current = count > 0 ? (unsigned long long)count : 0;
        free(pids);
    }
    if (read_usage(container, "pids", "pids.max", "pids.max", text, sizeof text))
        limit = number_of(text, "");
    printf("\"pids\":{\"current\":%llu,\"limit\":%llu}", current, limit);
}

static void print_stats(const struct container *container)
{
    printf("{\"type\":\"stats\",\"id\":\"%s\",\"data\":{", container->id);
    print_cpu(container);
    printf(",");
    print_memory(container);
    printf(",");
    print_pids(container);
    printf("}}\n");
    fflush(stdout);
}

static unsigned long long oom_kills(const struct container *container)
{
    char text[1024];

    if (!read_usage(container, "memory", "memory.oom_control", "memory.events", text, sizeof text))
        return 0;
    return number_of(text, "oom_kill");
}

/* 5s, 500ms, 2m, 3 (seconds); -1 with a failure noted */
static int parse_interval(const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);
    long unit = strcmp(end, "ms") == 0             ? 1
                : strcmp(end, "s") == 0 || !*end ? 1000
                : strcmp(end, "m") == 0            ? 60000
                                                   : 0;

    if (end == text || value <= 0 || unit == 0 || value > INT_MAX / 60000)
        return say("option --interval: '%s' is no time; give one as 5s", text);
    return (int)(value * unit);
}

/* the end of the first process ends the stream */
static int stream(const struct container *container, int interval)
{
    cleanup_fd int end = k_pidfd_open(container->pid);
    unsigned long long seen = oom_kills(container);

    while (end >= 0 && state_alive(container)) {
        struct pollfd event = {.fd = end, .events = POLLIN};
        unsigned long long now;

        print_stats(container);
        if (poll(&event, 1, interval) < 0 && errno != EINTR)
            return say_errno(errno, "cannot wait for container %s", container->id);
        now = oom_kills(container);
        if (now > seen)
            printf("{\"type\":\"oom\",\"id\":\"%s\"}\n", container->id);
        seen = now;
    }
    return 0;
}

int command_events(int argc, char **argv)
{
    bool stats = false;
    const char *interval = "5s";
    const struct option options[] = {{"stats", OPTION_FLAG, &stats},
                                     {"interval", OPTION_TEXT, &interval},
                                     {NULL, OPTION_FLAG, NULL}};
    const char *id = options_id(argc, argv, options_read(options, argc, argv), 1);
    struct container container;
    int wait;

    if (!id || state_load(&container, id) < 0)
        return 1;
    wait = parse_interval(interval);
    if (wait < 0)
        return 1;
    if (state_status(&container) == STATUS_STOPPED) {
        say("container %s is not running", id);
        return 1;
    }
    if (!stats)
        return stream(&container, wait) < 0 ? 1 : 0;
    print_stats(&container);
    return 0;
}
