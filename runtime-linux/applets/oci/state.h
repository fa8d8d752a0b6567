/*
 * What is kept of a container: the directory ROOT/ID with
 *
 *   state    everything later commands need (wire encoding, docs/spec/compiler-protocol.md)
 *   plan     the launch plan, while init is parked or hooks are to come
 *   start    the socket init listens on while the container is created
 */
#ifndef FELUCCA_OCI_STATE_H
#define FELUCCA_OCI_STATE_H

#include "oci.h"

#include <sys/types.h>

#define PLACES_MAX 16

struct place {
    uint32_t version;
    uint32_t flags;
    const char *mount;
    const char *path;
    const char *controllers; /* separated by spaces */
};

enum { PLACE_MEMORY = 1, PLACE_KILL = 2, PLACE_CPUSET = 4 };

enum { STATE_TERMINAL = 1, STATE_HOOKS = 2 };

enum status { STATUS_CREATED, STATUS_RUNNING, STATUS_PAUSED, STATUS_STOPPED };

struct container {
    const char *id;
    int dir; /* ROOT/ID */
    uint32_t flags;
    pid_t pid;
    uint64_t start; /* field 22 of /proc/PID/stat */
    uint64_t created; /* CLOCK_REALTIME, ns */
    const char *bundle;
    const char *rootfs;
    const char *document; /* the state document with holes */
    struct wire_bytes config;
    struct place places[PLACES_MAX];
    int place_count;
    void *memory; /* of a loaded state */
};

/*
 * Whether ROOT is this user's alone: it may lie where everybody makes names. 0, -ENOENT when it is
 * not there, else another -errno with a failure noted.
 */
int root_check(void);
/* makes it where it is missing; negative with a failure noted */
int root_make(void);

/* makes ROOT/ID, which must not be there */
int state_make(struct container *container, const char *id);
int state_save(const struct container *container);
/* notes a failure when there is no such container */
int state_load(struct container *container, const char *id);
/* reads what lies in the file state; strings point into bytes; false for what it cannot be */
bool state_decode(struct container *container, const void *bytes, size_t size);
/* removes all files and the directory */
int state_remove(struct container *container);

enum status state_status(const struct container *container);
const char *state_name(enum status status);
bool state_alive(const struct container *container);
/* signals the first process and no other that has got its number; 0 or -errno */
int state_signal(const struct container *container, int number);
/* the document, allocated */
char *state_document(const struct container *container, enum status status);
uint64_t state_start_time(pid_t pid);

int state_save_plan(const struct container *container, const void *plan, size_t size);
/* maps nothing: allocated bytes; size 0 when there is no plan */
void *state_load_plan(const struct container *container, size_t *size);

#endif
