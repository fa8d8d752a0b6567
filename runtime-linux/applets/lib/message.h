/*
 * Packets of the spawn socket and of control sockets (docs/spec/monitor-protocol.md): one
 * SOCK_SEQPACKET packet is one message, descriptors travel beside it.
 */
#ifndef FELUCCA_MESSAGE_H
#define FELUCCA_MESSAGE_H

#include "failure.h"
#include "wire.h"

#include <stdbool.h>
#include <stdint.h>

#define MESSAGE_MAX 65536u
#define MESSAGE_HEADER 8u
#define MESSAGE_FDS_MAX 200
#define PROTOCOL_VERSION 1u

/* requests to spawn */
enum {
    SPAWN_HELLO = 1,
    SPAWN_SPAWN = 2,
    SPAWN_RUN = 3,
    SPAWN_CANCEL = 4,
    SPAWN_SOCKET_IN_NETNS = 5,
    SPAWN_NEW_NETNS = 6,
    SPAWN_MOUNT = 7
};

/* replies and events of spawn */
enum {
    SPAWN_HELLO_REPLY = 33,
    SPAWN_READY = 34,
    SPAWN_RUN_RESULT = 36,
    SPAWN_DESCRIPTOR = 37,
    SPAWN_MONITOR_ENDED = 38
};

/* requests to a monitor */
enum {
    TASK_HELLO = 1,
    TASK_START = 2,
    TASK_KILL = 3,
    TASK_EXEC = 4,
    TASK_ATTACH = 5,
    TASK_RESIZE = 6,
    TASK_CLOSE_STDIN = 7,
    TASK_STATE = 8,
    TASK_DELETE = 9,
    TASK_REOPEN_LOG = 10,
    TASK_ROOT = 11
};

/* replies and events of a monitor; OK and ERROR are the same on both sockets */
enum {
    REPLY_OK = 32,
    REPLY_ERROR = 35,
    TASK_CREATED = 40,
    TASK_STARTED = 41,
    TASK_EXIT = 42,
    TASK_DRAINED = 43,
    TASK_EXEC_STARTED = 44,
    TASK_EXEC_EXIT = 45,
    TASK_OOM = 46,
    TASK_WARNING = 47,
    TASK_HELLO_REPLY = 48,
    TASK_STATE_REPLY = 49,
    TASK_ROOT_FD = 50,
    TASK_CLIENT_GONE = 51
};

/* flags of SPAWN and EXEC */
enum {
    LAUNCH_AUTOSTART = 1,
    LAUNCH_PLAN_FD = 2,
    LAUNCH_CLIENT0 = 4,
    LAUNCH_LOG = 8,
    LAUNCH_STDIN = 16,
    LAUNCH_STDIN_ONCE = 32
};

/* how an end is told: kind of EXIT, EXEC_EXIT, RUN_RESULT and of the client's EXIT frame */
enum end_kind { END_EXITED = 0, END_SIGNALED = 1, END_UNKNOWN = 2 };

/* where an operation failed, as ERROR and WARNING carry it */
struct op_error {
    uint32_t op;
    uint32_t code;
    int err;
};

/* a received message; its descriptors belong to it until they are taken */
struct message {
    uint16_t type;
    uint32_t id;
    struct wire_reader args;
    int fds[MESSAGE_FDS_MAX];
    int fd_count;
    bool cut; /* packet or descriptors did not fit: the message is malformed */
};

/* takes descriptor i out of the message; -1 when there is none */
int message_take(struct message *message, int i);
void message_close(struct message *message);

/*
 * Receives one packet into buffer (MESSAGE_MAX bytes). Returns 1, 0 at end of file, or -errno
 * (-EAGAIN when the socket does not block and nothing is there).
 */
int message_receive(int socket, void *buffer, struct message *message);

/* sends a packet with descriptors; a full socket answers -EAGAIN when it does not block */
int message_send(int socket, const void *data, size_t size, const int *fds, int fd_count);

/* begins a message in buffer; arguments follow with wire_put_ calls */
struct wire_writer message_begin(void *buffer, size_t size, uint16_t type, uint32_t id);

/* sends what was built in writer */
int message_finish(int socket, const struct wire_writer *writer, const int *fds, int fd_count);

/* the whole of an ERROR or WARNING */
int message_error(int socket, uint16_t type, uint32_t id, struct op_error where, const char *text);

/*
 * Makes a control socket non-blocking and lets it hold about a thousand messages that the other
 * side has not read (the default is under two hundred); 0 or -errno.
 */
int message_prepare_socket(int socket);

/* true when the peer of a unix socket is uid 0 or this process's own effective uid */
bool message_peer_trusted(int socket);

#endif
