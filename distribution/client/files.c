#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MADE_MAX 4

/* a file under a name of its own, until it is kept */
struct made {
    char name[PATH_MAX];
    char temporary[PATH_MAX];
};

static struct made made[MADE_MAX];
static size_t made_count;

static bool same(const char *text, const char *path, size_t size)
{
    return strlen(text) == size && memcmp(text, path, size) == 0;
}

/* PATH, anything=PATH or -fPATH */
static bool names(const char *argument, const char *path, size_t size)
{
    const char *value = strchr(argument, '=');

    return same(argument, path, size) || (value != NULL && same(value + 1, path, size)) ||
           (argument[0] == '-' && argument[1] != '-' && argument[1] != '\0' &&
            same(argument + 2, path, size));
}

/* copies a path that an argument names; 0 or -errno */
static int take_name(const char *path, size_t size, char **arguments, char name[PATH_MAX])
{
    if (size == 0 || size >= PATH_MAX || memchr(path, '\0', size) != NULL)
        return -EINVAL;
    while (*arguments != NULL && !names(*arguments, path, size))
        arguments++;
    if (*arguments == NULL)
        return -EACCES;
    memcpy(name, path, size);
    name[size] = '\0';
    return 0;
}

int files_open(const char *path, size_t size, char **arguments)
{
    char name[PATH_MAX];
    sigset_t none, before;
    int fd = take_name(path, size, arguments, name);

    if (fd < 0)
        return fd;
    /* opening a fifo waits for its writer: signals must be able to end that */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, &before);
    do {
        fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0)
        fd = -errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return fd;
}

/* where the file goes in the end: through links to a file that is there; 0 or -errno */
static int final_name(const char *name, char final[PATH_MAX])
{
    struct stat there;

    if (stat(name, &there) < 0) {
        if (errno != ENOENT)
            return -errno;
        strcpy(final, name);
        return 0;
    }
    if (!S_ISREG(there.st_mode))
        return -EEXIST;
    return realpath(name, final) == NULL ? -errno : 0;
}

int files_create(const char *path, size_t size, char **arguments)
{
    struct made *next = &made[made_count];
    char name[PATH_MAX], final[PATH_MAX];
    const char *base;
    mode_t mask;
    int fd = take_name(path, size, arguments, name);

    if (fd < 0)
        return fd;
    if (made_count == MADE_MAX)
        return -EMFILE;
    fd = final_name(name, final);
    if (fd < 0)
        return fd;
    base = strrchr(final, '/');
    base = base == NULL ? final : base + 1;
    if ((size_t)snprintf(next->temporary, PATH_MAX, "%.*s.%s.XXXXXX", (int)(base - final), final,
                         base) >= PATH_MAX)
        return -ENAMETOOLONG;
    strcpy(next->name, final);
    fd = mkostemp(next->temporary, O_CLOEXEC);
    if (fd < 0)
        return -errno;
    mask = umask(0);
    umask(mask);
    if (fchmod(fd, 0666 & ~mask) < 0) {
        int error = errno;

        close(fd);
        unlink(next->temporary);
        return -error;
    }
    made_count++;
    return fd;
}

int files_keep(const char **path)
{
    while (made_count > 0) {
        struct made *last = &made[made_count - 1];

        if (rename(last->temporary, last->name) < 0) {
            *path = last->name;
            return -errno;
        }
        made_count--;
    }
    return 0;
}

void files_discard(void)
{
    while (made_count > 0)
        unlink(made[--made_count].temporary);
}
