/* checkpoint and restore: criu's work, refused where it is not installed. */
#define _GNU_SOURCE
#include "oci.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool in_path(const char *name)
{
    const char *at = getenv("PATH");

    while (at && *at) {
        char full[PATH_MAX];
        int length = (int)strcspn(at, ":");

        snprintf(full, sizeof full, "%.*s/%s", length, at, name);
        if (access(full, X_OK) == 0)
            return true;
        at += length + (at[length] == ':');
    }
    return false;
}

static int refuse(const char *what)
{
    if (!in_path("criu"))
        say("cannot %s: criu is not installed; install it, or stop the container instead", what);
    else
        say("cannot %s: images of criu are not supported by this build", what);
    return 1;
}

int command_checkpoint(int argc, char **argv)
{
    (void)argc;
    return refuse(argv[0]);
}

int command_restore(int argc, char **argv)
{
    (void)argc;
    return refuse(argv[0]);
}
