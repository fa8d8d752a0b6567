/*
 * SPAWN (AUTOSTART) to EXIT and to the end of the monitor, for a program that does nothing in a
 * full default container with cgroups: minimum, median, p99. Cgroups are made and removed within
 * the time, as the daemon does. Usage: bench-spawn [runs] [c: no cgroups]
 */
#define _GNU_SOURCE
#include "fixture.h"

#include "cgroups.h"
#include "lib/kernel.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})
#define RUNS_MAX 10000

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void print(const char *what, double *times, int runs)
{
    qsort(times, (size_t)runs, sizeof *times, compare);
    printf("%-28s min %6.2f ms   median %6.2f ms   p99 %6.2f ms\n", what, times[0],
           times[runs / 2], times[runs * 99 / 100]);
}

struct sample {
    double started;
    double exited;
    double deleted;
};

static struct sample run_once(struct fixture *f, struct planner *planner, int root, int groups,
                              struct cgroups *cgroups)
{
    struct packet *packet = malloc(sizeof *packet);
    struct sample sample;
    struct task task;
    int slots[CGROUPS_LIMIT + 1];
    double start = now_ms();

    slots[0] = k_open_tree(root, "", K_AT_EMPTY_PATH | K_OPEN_TREE_CLONE | O_CLOEXEC);
    if (groups > 0)
        cgroups_make(cgroups, slots + 1);
    task_spawn(f, &task, planner, LAUNCH_AUTOSTART | LAUNCH_LOG, slots, 1 + groups);
    task_await(&task, packet, TASK_STARTED);
    sample.started = now_ms() - start;
    task_await(&task, packet, TASK_EXIT);
    sample.exited = now_ms() - start;
    task_await(&task, packet, TASK_DRAINED);
    task_delete(&task);
    if (groups > 0)
        cgroups_remove(cgroups);
    sample.deleted = now_ms() - start;
    free(packet);
    return sample;
}

int main(int argc, char **argv)
{
    static double times[3][RUNS_MAX];
    static struct planner planner;
    struct fixture fixture;
    struct cgroups cgroups;
    int runs = argc > 1 ? atoi(argv[1]) : 1000;
    int root;
    int groups;

    snprintf(fixture_base, sizeof fixture_base, "%s",
             getenv("BENCH_DIR") ? getenv("BENCH_DIR") : "/tmp");
    fixture_start(&fixture);
    root = fixture_root();
    groups = argc > 2 ? 0 : cgroups_count(&cgroups);
    plan_container(&planner,
                   &(struct container){.argv = ARGV("/bin/guest", "exit", "0"),
                                       .cgroups = groups,
                                       .cgroup_version = groups > 0 ? cgroups.version : 0});
    for (int i = -200; i < runs && i < RUNS_MAX; i++) {
        struct sample sample = run_once(&fixture, &planner, root, groups, &cgroups);

        if (i >= 0) {
            times[0][i] = sample.started;
            times[1][i] = sample.exited;
            times[2][i] = sample.deleted;
        }
    }
    printf("%d runs, %d cgroups\n", runs, groups);
    print("SPAWN to STARTED", times[0], runs);
    print("SPAWN to EXIT", times[1], runs);
    print("SPAWN to DELETE done", times[2], runs);
    close(root);
    fixture_stop(&fixture);
    for (int i = 0; i < fixture.tasks; i++) {
        static const char *const files[] = {"task", "exit", "log", ""};

        for (size_t k = 0; k < 4; k++) {
            char path[128];

            snprintf(path, sizeof path, "%s/t%d/%s", fixture.dir, i, files[k]);
            remove(path);
        }
    }
    rmdir(fixture.dir);
    return 0;
}
