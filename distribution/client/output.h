/*
 * Standard output and error without ever blocking in write(2): a client that waits for a slow
 * reader still has to pass on signals and input. The descriptions behind the descriptors are shared
 * with other programs, so they are not made non-blocking; pipes and terminals are opened anew.
 */
#ifndef FELUCCA_OUTPUT_H
#define FELUCCA_OUTPUT_H

#include <stddef.h>
#include <sys/types.h>

enum output_kind {
    OUTPUT_FILE,   /* never blocks for long */
    OUTPUT_OWN,    /* opened anew, non-blocking */
    OUTPUT_SOCKET, /* MSG_DONTWAIT */
    OUTPUT_SHARED, /* polled, then written in pieces that a ready pipe takes at once */
};

struct output {
    int fd;
    enum output_kind kind;
};

void output_open(struct output *output, int fd);

/* writes what can be written now; returns how much, -EAGAIN when nothing can, or -errno */
ssize_t output_write(struct output *output, const void *data, size_t size);

#endif
