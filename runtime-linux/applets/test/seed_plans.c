/* Writes good plans into a directory: where the fuzzer starts. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

static struct planner planner;

static int save(const char *directory, const char *name)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "w");
    if (!file || fwrite(planner.writer.start, planner.writer.used, 1, file) != 1)
        return 1;
    return fclose(file) != 0;
}

int main(int argc, char **argv)
{
    static char *const program[] = {"guest", "exit", "0", NULL};
    int bad = argc != 2;

    plan_container(&planner, &(struct container){.argv = program, .terminal = true});
    bad |= bad || save(argv[1], "container");
    plan_container(&planner, &(struct container){.argv = program, .user_namespace = true,
                                                 .cgroups = 2, .cgroup_version = 1});
    bad |= bad || save(argv[1], "user-namespace");
    plan_exec(&planner, program, true);
    bad |= bad || save(argv[1], "exec");
    return bad;
}
