/*
 * A launch: the monitor's half of a plan, by a process that does not stay. It blocks: nothing else
 * is to be done until init has reached PARK or its program.
 */
#ifndef FELUCCA_OCI_LAUNCH_H
#define FELUCCA_OCI_LAUNCH_H

#include "init.h"
#include "lib/plan.h"
#include "oci.h"

#define LAUNCH_CGROUPS 16

struct launch_cgroup {
    int fd;
    uint32_t version;
};

struct launch {
    struct plan plan;
    struct wire_list origins; /* JSON pointers, one for each operation */
    int slots[PLAN_SLOTS_MAX];
    struct launch_cgroup cgroups[LAUNCH_CGROUPS];
    int cgroup_count;
    struct init init;
    int sync;
    int container; /* pidfd of the container's first process, for an exec */
    pid_t pid;
    int master;    /* of the console that init has made; -1 */
    uint32_t cursor;
    bool execing;
    bool parked;
    struct failure failure;
};

/* nothing opened, nothing made */
void launch_init(struct launch *launch);
/* slots 0 .. given-1 are in launch->slots; reads the plan and runs what stands before the clone */
int launch_prepare(struct launch *launch, struct wire_bytes plan);
/* makes init and enters its cgroups */
int launch_fork(struct launch *launch);
/* drives init to PARK (when the launch is not to start by itself) or to its program */
int launch_drive(struct launch *launch);
/* continues at PARK over a connection to init */
int launch_resume(struct launch *launch, int connection, pid_t pid);
/* ends what was made of it */
void launch_kill(struct launch *launch);

/* hooks of a stage behind EXEC; -1 with the failure noted at the first that fails */
int launch_hooks(const struct plan *plan, uint32_t stage, pid_t pid);

#endif
