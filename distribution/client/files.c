#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

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

int files_open(const char *path, size_t size, char **arguments)
{
    char name[PATH_MAX];
    sigset_t none, before;
    int fd;

    if (size == 0 || size >= sizeof(name) || memchr(path, '\0', size) != NULL)
        return -EINVAL;
    while (*arguments != NULL && !names(*arguments, path, size))
        arguments++;
    if (*arguments == NULL)
        return -EACCES;
    memcpy(name, path, size);
    name[size] = '\0';
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
