/* ps: the container's processes, as numbers or as lines of ps(1). */
#define _GNU_SOURCE
#include "cgroup.h"
#include "lib/fd.h"
#include "oci.h"
#include "state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool contains(const pid_t *pids, int count, long pid)
{
    for (int i = 0; i < count; i++)
        if (pids[i] == pid)
            return true;
    return false;
}

/* ps(1) with its output in a pipe */
static FILE *start_ps(char **options, pid_t *child)
{
    int ends[2];

    if (pipe(ends) < 0)
        return NULL;
    *child = fork();
    if (*child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execvp("ps", options);
        dprintf(2, "cannot execute ps: %s\n", strerror(errno));
        _exit(127);
    }
    close(ends[1]);
    return *child < 0 ? NULL : fdopen(ends[0], "r");
}

/* which column is headed PID */
static int pid_column(const char *head)
{
    int column = 0;

    for (const char *at = head + strspn(head, " "); *at && *at != '\n'; column++) {
        size_t length = strcspn(at, " \n");

        if (length == 3 && memcmp(at, "PID", 3) == 0)
            return column;
        at += length;
        at += strspn(at, " ");
    }
    return -1;
}

static long column_value(const char *line, int column)
{
    const char *at = line + strspn(line, " ");

    for (; column > 0; column--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return strtol(at, NULL, 10);
}

static int print_table(const pid_t *pids, int count, char **options)
{
    cleanup_free char *line = NULL;
    size_t room = 0;
    pid_t child;
    FILE *output = start_ps(options, &child);
    int column = -1;
    int status;

    if (!output)
        return say_errno(errno, "cannot run ps");
    while (getline(&line, &room, output) > 0) {
        if (column < 0) {
            column = pid_column(line);
            if (column < 0)
                break;
            fputs(line, stdout);
        } else if (contains(pids, count, column_value(line, column))) {
            fputs(line, stdout);
        }
    }
    fclose(output);
    waitpid(child, &status, 0);
    if (column < 0)
        return say("ps printed no column PID; leave it among the columns");
    return 0;
}

int command_ps(int argc, char **argv)
{
    const char *format = "table";
    const struct option options[] = {{"format,f", OPTION_TEXT, &format},
                                     {NULL, OPTION_FLAG, NULL}};
    int at = options_read(options, argc, argv);
    const char *id = options_id(argc, argv, at, 64);
    char *defaults[] = {(char *)"ps", (char *)"-ef", NULL};
    struct container container;
    pid_t *pids = NULL;
    int count;
    int rc = 0;

    if (!id || state_load(&container, id) < 0)
        return 1;
    count = cgroup_processes(&container, &pids);
    if (count < 0)
        return 1;
    if (strcmp(format, "json") == 0) {
        printf("[");
        for (int i = 0; i < count; i++)
            printf("%s%d", i ? "," : "", pids[i]);
        printf("]\n");
    } else if (strcmp(format, "table") == 0) {
        argv[at] = (char *)"ps";
        rc = print_table(pids, count, argc - at > 1 ? argv + at : defaults);
    } else {
        rc = say("unknown format '%s'; use table or json", format);
    }
    free(pids);
    return rc < 0 ? 1 : 0;
}
