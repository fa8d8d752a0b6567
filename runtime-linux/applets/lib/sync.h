/*
 * The channel between a monitor and an init it has made: a SOCK_SEQPACKET pair of fixed frames.
 *
 *   init                         monitor
 *    | ARRIVED(op) ---------------> |   at SYNC; at PARK
 *    | <------------------ GO(pid)  |   when the monitor's own operations up to there are done
 *    | ASK(op) -------------------> |   an operation that needs the host's credentials
 *    | <------- GO or ERROR(errno)  |
 *    | CONSOLE + master ----------> |
 *    | WARNING(op, errno, text) --> |
 *    | CHILD(pid) ----------------> |   from the helper that joined namespaces first: pid of init
 *    | LISTENER(op, fd) ----------> |   by write: a seccomp listener in init's table, which the
 *    | <----------------------- GO  |   monitor takes and sends on; never answered when that fails
 *    | ERROR(op, errno, text) ----> |   set-up failed, init ends
 *    | EXECING -------------------> |   set-up is done; end of file then means execve succeeded,
 *    | (end of file)                |   without it end of file is death during set-up
 */
#ifndef FELUCCA_SYNC_H
#define FELUCCA_SYNC_H

#include <stdint.h>

#define SYNC_VERSION 1
#define SYNC_TEXT 224

enum sync_type {
    SYNC_ARRIVED = 1,
    SYNC_GO = 2,
    SYNC_ASK = 3,
    SYNC_CONSOLE = 4,
    SYNC_WARNING = 5,
    SYNC_CHILD = 6,
    SYNC_ERROR = 7,
    SYNC_EXECING = 8,
    SYNC_LISTENER = 9
};

struct sync_frame {
    uint16_t version;
    uint16_t type;
    uint32_t op;
    uint32_t code;
    int32_t value; /* errno of ERROR and WARNING, pid of GO and CHILD, fd of LISTENER */
    char text[SYNC_TEXT];
};

/* both return 0 or -errno; receiving answers -EPIPE at end of file */
int sync_send(int socket, const struct sync_frame *frame, int fd);
int sync_receive(int socket, struct sync_frame *frame, int *fd);

#endif
