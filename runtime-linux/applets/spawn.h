/*
 * Spawn: the small process that forks for the JVM: monitors, which stay, and helpers, which end
 * (docs/spec/monitor-protocol.md, section 3).
 *
 *   spawn.c            start, loop, requests
 *   spawn_seal.c       the sealed memory file everything runs from
 *   spawn_run.c        RUN: a program with deadline and captured output
 *   spawn_errand.c     a child does one thing in other namespaces and answers itself
 */
#ifndef FELUCCA_SPAWN_H
#define FELUCCA_SPAWN_H

#include "lib/message.h"

#include <poll.h>
#include <stdint.h>
#include <sys/types.h>

#define RUNS_MAX 256
#define RUN_POLLS 3

struct run;

struct spawn {
    int control;  /* the JVM; -1 between two of them */
    int link;     /* supervise; -1 without */
    int listener; /* --socket; -1 without */
    int signals;
    int devnull;
    uint32_t generation;
    char boot_id[40];
    uint8_t *packet;
    struct run *runs;
    int run_count;
    struct errand *errands;
};

/* spawn.c: answers; dropped when no JVM is there */
void spawn_send(struct spawn *spawn, const struct wire_writer *writer, const int *fds, int count);
void spawn_error(struct spawn *spawn, uint32_t request, int err, const char *text);

/* spawn_run.c */
void run_begin(struct spawn *spawn, struct message *message);
void run_cancel(struct spawn *spawn, uint32_t request);
/* adds what runs wait for to polls, at most RUNS_MAX * RUN_POLLS; returns how many */
int run_polls(const struct spawn *spawn, struct pollfd *polls);
uint64_t run_deadline(const struct spawn *spawn);
/* goes on with all runs after a round of poll */
void run_progress(struct spawn *spawn);
/* a child was reaped; 1 when it was a run's */
int run_reaped(struct spawn *spawn, pid_t pid, int status);

/* spawn_errand.c */
void errand_socket(struct spawn *spawn, struct message *message);
void errand_netns(struct spawn *spawn, struct message *message);
void errand_mount(struct spawn *spawn, struct message *message);
int errand_reaped(struct spawn *spawn, pid_t pid, int status);

#endif
