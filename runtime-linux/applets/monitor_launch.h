/* A launch under way: shared by monitor_launch.c, monitor_plan.c and monitor_fork.c. */
#ifndef FELUCCA_MONITOR_LAUNCH_H
#define FELUCCA_MONITOR_LAUNCH_H

#include "init.h"
#include "monitor.h"

struct launch {
    struct launch *buried; /* list of those that are freed after the current events */
    struct process *process;
    struct plan plan;
    uint8_t *bytes;
    size_t size;
    int slots[PLAN_SLOTS_MAX];
    struct cgroup cgroups[CGROUPS_MAX];
    int cgroup_count;
    struct watch sync;
    int init_sync;   /* init's end, until the clone */
    struct watch helper; /* pidfd of the process that joined namespaces first */
    uint32_t request;
    bool autostart;
    bool parked;
    bool execing;
    bool failed;
    struct op_error where;
    struct failure failure;
    uint32_t cursor; /* next operation to look at on this side */
    struct init init;
    int client;      /* client 0 until it is attached */
    struct watch console; /* where another runtime's program sends the terminal */
};


static inline bool launch_is_first(const struct launch *launch)
{
    return launch->process == &launch->process->monitor->first;
}

/* monitor_launch.c */
void launch_set_failed(struct launch *launch, uint32_t op, int err, const char *text);
void launch_warn(struct launch *launch, uint32_t op, int err, const char *text);
void launch_abandon(struct launch *launch, uint32_t op, int err, const char *text);
/* false: a poststart hook has failed, the answer is given when the process is reaped */
bool launch_succeeded(struct launch *launch);
void launch_answer_failure(struct launch *launch);
void launch_keep_slots(struct launch *launch);
void launch_record_task(struct launch *launch);
uint64_t launch_settle_time(void);
void launch_helper_ready(struct monitor *monitor, struct watch *watch, uint32_t events);
void launch_sync_ready(struct monitor *monitor, struct watch *watch, uint32_t events);

/* monitor_plan.c: reads the plan of the order; runs the operations before CLONE or ENTER */
int launch_read_plan(struct launch *launch, const struct launch_order *order);
int launch_run_host_ops(struct launch *launch);

/* monitor_fork.c: streams, channel, and the clone itself */
int launch_prepare(struct launch *launch, const struct launch_order *order);
int launch_prepare_streams(struct launch *launch, const struct launch_order *order, bool console);
int launch_fork(struct launch *launch);
int launch_enter_cgroups(struct launch *launch, pid_t pid, struct failure *failure);

/* monitor_runtime.c: plans of kind 3 */
int runtime_begin(struct launch *launch, const struct launch_order *order);
void runtime_start(struct process *process, uint32_t request);
/* true when the end of the process is to wait for that of the program that starts it */
bool runtime_ended(struct process *process);

#endif
