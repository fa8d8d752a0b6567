/*
 * Supervise: the foreground process of the daemon (docs/spec/monitor-protocol.md, section 2).
 *
 *   supervise.c          options, loop, stop
 *   supervise_state.c    locks of state and root, pid file
 *   supervise_listen.c   listening sockets
 *   supervise_child.c    the JVM and spawn
 */
#ifndef FELUCCA_SUPERVISE_H
#define FELUCCA_SUPERVISE_H

#include "lib/failure.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define LISTENERS_MAX 16
#define SPARED_MAX 4

struct listener {
    char name[64];
    char path[108];
    mode_t mode;
    gid_t group;
    bool with_group;
    int backlog;
    int fd;
};

struct supervise {
    const char *state;
    const char *root; /* NULL: none to hold */
    const char *pid_file;
    char pid_path[4096];
    int lock;
    int root_lock;
    struct listener listeners[LISTENERS_MAX];
    int listener_count;
    uint64_t stop_timeout_ms;
    unsigned restart_limit;
    char **command;
    const char *spared[SPARED_MAX]; /* arguments of command to do without after a crash */
    int spared_count;
    int signals;
    pid_t jvm;
    uint64_t jvm_since;
    pid_t spawn;
    uint64_t spawn_since;
    unsigned spawn_crashes; /* in a row */
    int spawn_link; /* our end of the socket to spawn */
    int spawn_end;  /* spawn's end of the JVM's socket, kept for the next spawn; -1 */
    uint32_t generation;
    unsigned starts;
    unsigned crashes; /* in a row */
    uint64_t restart_at;
    bool stopping;
    bool killed;
    uint64_t kill_at;
    int status;
};

/* supervise_state.c */
int state_take(struct supervise *supervise, struct failure *failure);
void state_release(struct supervise *supervise);

/* supervise_listen.c */
int listen_parse(struct supervise *supervise, const char *text, struct failure *failure);
int listen_bind_all(struct supervise *supervise, struct failure *failure);
void listen_release(struct supervise *supervise);

/* supervise_child.c */
int child_start_spawn(struct supervise *supervise, struct failure *failure);
int child_start_jvm(struct supervise *supervise, struct failure *failure);
/* hands the JVM's socket to spawn, also to one that replaces another */
void child_hand_over(struct supervise *supervise);
void child_end_spawn(struct supervise *supervise);

#endif
