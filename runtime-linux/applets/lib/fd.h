/* Descriptors and memory that are released at the end of their scope, and small reads and writes. */
#ifndef FELUCCA_FD_H
#define FELUCCA_FD_H

#include <stddef.h>
#include <stdlib.h>
#include <sys/types.h>

void close_fd_at(int *fd);
void free_at(void *pointer);

#define cleanup_fd __attribute__((cleanup(close_fd_at)))
#define cleanup_free __attribute__((cleanup(free_at)))

/* takes the value out of a cleanup_fd variable, for the caller to own */
static inline int steal_fd(int *fd)
{
    int value = *fd;

    *fd = -1;
    return value;
}

static inline void *steal_pointer(void *pointer)
{
    void **place = pointer;
    void *value = *place;

    *place = NULL;
    return value;
}

/* writes everything or returns -errno */
int write_all(int fd, const void *data, size_t size);

/* opens path below dirfd for writing, writes the text with one write(2); no creation */
int write_file_at(int dirfd, const char *path, const char *text);

/* reads a small file into buffer as a string, at most size-1 bytes; returns its length or -errno */
ssize_t read_file_at(int dirfd, const char *path, char *buffer, size_t size);

/* writes "name" below dirfd by a temporary sibling and rename, without fsync */
int replace_file_at(int dirfd, const char *name, const char *text, size_t size);

/* closes all descriptors above 2 but these; sorts keep; entries below 3 are passed over */
void keep_only_fds(int *keep, int count);

int set_nonblocking(int fd);
int set_cloexec(int fd, int on);

#endif
