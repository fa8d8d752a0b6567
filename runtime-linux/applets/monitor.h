/*
 * Monitor: one process per container, forked by spawn without exec. It makes the container's
 * processes, owns their streams, log and exit status, and answers one JVM at a time
 * (docs/spec/monitor-protocol.md). One thread, one epoll loop, nothing polled.
 *
 *   monitor.c          start, loop, end
 *   monitor_launch.c   clone, operations on the host's side, the channel to init
 *   monitor_runtime.c  launching by another OCI runtime's program
 *   monitor_process.c  life of a process from start to drained
 *   monitor_stream.c   outputs, stdin, terminal
 *   monitor_client.c   client sockets: frames, queues, credit
 *   monitor_log.c      log file
 *   monitor_control.c  control socket and adoption
 *   monitor_task.c     task directory
 *   monitor_cgroup.c   KILL all, OOM events
 */
#ifndef FELUCCA_MONITOR_H
#define FELUCCA_MONITOR_H

#include "lib/failure.h"
#include "lib/message.h"
#include "lib/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SCRATCH_SIZE (MESSAGE_MAX + 4096u)
#define STREAM_CHUNK 65536u
#define STREAM_HEADROOM 8u /* for a frame's header in front of the bytes read */
#define CREDIT_WINDOW 65536u
#define ATTACH_QUEUE_MAX (1u << 20)
#define DRAIN_DEFAULT_MS 2000u
#define CLIENT_LINGER_MS 2000u
#define SCRATCH_IDLE_MS 1000
#define CGROUPS_MAX 16
#define ADOPTING_MAX 4
#define EXEC_ID_MAX 64
#define SETTLE_MS 20

struct monitor;
struct process;

/* a descriptor in the epoll set; events 0 is: not in the set */
struct watch {
    int fd;
    uint32_t events;
    void (*ready)(struct monitor *monitor, struct watch *watch, uint32_t events);
};

#define OWNER(watch, type, member)                                                                 \
    ((type *)(void *)((char *)(watch) - offsetof(type, member)))

/* bytes that wait to be written */
struct queue {
    uint8_t *data;
    size_t start;
    size_t used; /* end of what waits; used - start bytes wait */
    size_t size;
};

struct output {
    struct watch watch;
    struct process *process;
    uint8_t frame; /* FRAME_STDOUT or FRAME_STDERR */
    bool paused;   /* client 0 has not taken the last piece */
};

struct input {
    struct watch watch;
    struct process *process;
    struct queue queue;
    bool closing; /* close when the queue is written */
};

struct client {
    struct client *next;
    struct client *buried; /* list of those that are freed after the current events */
    struct watch watch;
    struct process *process;
    unsigned number;
    bool lossless; /* client 0 */
    bool may_write;
    bool wants[2]; /* stdout, stderr */
    bool closing;  /* EXIT or ERROR is queued: close after it */
    uint64_t deadline;
    uint32_t in_flight; /* bytes of stdin taken from it and not granted again */
    struct queue out;
    struct queue in; /* an unfinished frame */
};

struct ending {
    enum end_kind kind;
    uint32_t value;
    uint64_t time;
    char reason[224];
};

enum process_state { PROCESS_LAUNCHING = 1, PROCESS_CREATED = 2, PROCESS_RUNNING = 3,
                     PROCESS_STOPPED = 4 };

struct process {
    struct process *next; /* execs */
    struct monitor *monitor;
    char id[EXEC_ID_MAX + 1]; /* empty: the container's first process */
    enum process_state state;
    struct launch *launch; /* until execve has succeeded or set-up failed */
    pid_t pid;
    uint64_t start;
    struct watch exit; /* pidfd */
    bool reaped;
    struct ending ending;
    bool terminal;
    unsigned rows; /* asked for before the terminal was there; 0: not */
    unsigned cols;
    bool stdin_once;
    struct output out[2];
    struct input in;
    struct client *clients;
    unsigned next_client;
    uint64_t drain_deadline;
    bool done;    /* drained, clients gone, told to the JVM */
    bool discard; /* never started: leaves the list after this round */
};

/* a cgroup directory the container lives in */
struct cgroup {
    int fd;
    uint32_t version;
    uint32_t flags;
};

struct log_settings {
    int dir; /* -1: no log */
    char name[208];
    uint64_t max;
    uint32_t files;
};

struct monitor {
    char id[256];
    char boot_id[40];
    int epoll;
    int devnull;
    int task_dir;
    struct watch control;
    struct watch listener;
    struct watch adopting[ADOPTING_MAX];
    struct watch oom;
    struct watch children; /* SIGCHLD, where the container is made by a program */
    struct log *log;
    struct log_settings log_settings;
    struct process first;
    struct process *execs;
    uint64_t start;
    uint32_t drain_ms;
    bool kill_rest;
    int root; /* the container's root mount */
    int mount_namespace; /* keeps its teardown out of the way of the first process's end */
    int exit_record;     /* the exit file before its rename */
    uint64_t settle_at;  /* when task_settle is due; 0: not */
    uint64_t record_at;  /* when the exit file is due; 0: not */
    struct cgroup cgroups[CGROUPS_MAX];
    int cgroup_count;
    uint64_t own_namespaces; /* CLONE_NEW* the container has of its own */
    uint32_t oom_seen;
    bool oom_killed;
    void *poststop; /* the launch, kept for its poststop hooks */
    uint8_t *scratch;
    uint8_t *stream;
    bool scratch_used;
    struct client *graveyard;
    struct launch *launch_graveyard;
    bool ending; /* DELETE was answered */
};

/* what spawn hands to a monitor it has just forked; descriptors belong to the monitor */
struct monitor_order {
    uint32_t request;
    uint32_t flags;
    uint32_t drain_ms;
    const char *id;
    const char *log_name;
    uint64_t log_max;
    uint32_t log_files;
    struct wire_bytes plan;
    int control;
    int task_dir;
    int plan_fd;
    int client;
    int log_dir;
    int slots[PLAN_SLOTS_MAX];
    uint32_t slot_count;
    const char *boot_id;
    int devnull;
    void *packet; /* spawn's buffer, where the strings and the plan lie; unmapped after use */
    size_t packet_size;
};

/* monitor.c */
_Noreturn void monitor_run(const struct monitor_order *order);
void monitor_watch(struct monitor *monitor, struct watch *watch, uint32_t events);
void monitor_unwatch(struct monitor *monitor, struct watch *watch);
void monitor_close(struct monitor *monitor, struct watch *watch);
uint8_t *monitor_scratch(struct monitor *monitor);
uint8_t *monitor_stream_buffer(struct monitor *monitor);
_Noreturn void monitor_leave(struct monitor *monitor);

/* monitor_launch.c */
struct launch_order {
    uint32_t request;
    uint32_t flags;
    struct wire_bytes plan; /* copied */
    int plan_fd;            /* or -1 */
    int *slots;
    uint32_t slot_count;
    int client; /* or -1 */
    enum plan_kind kind;
};

/*
 * Launches process; takes over the descriptors of the order. A failure that happens at once is
 * answered to the request here, later ones when init is reaped.
 */
void launch_begin(struct process *process, const struct launch_order *order);
void launch_start(struct process *process, uint32_t request);
void launch_drain(struct process *process);
/* the process or its helper has ended before execve: answers the request */
void launch_ended(struct process *process);
void launch_run_poststop(struct monitor *monitor);
void launch_free_buried(struct monitor *monitor);

/* monitor_process.c */
void process_init(struct process *process, struct monitor *monitor, const char *id);
void process_adopt_pid(struct process *process, pid_t pid, int pidfd);
void process_started(struct process *process);
void process_ended(struct process *process);
void process_end_unknown(struct process *process, const char *reason);
void process_progress(struct process *process);
int process_signal(struct process *process, int signal);
void process_kill_and_wait(struct process *process);
void process_discard(struct process *process);
struct process *process_find(struct monitor *monitor, const char *id);
uint64_t process_deadline(const struct monitor *monitor);
void process_expire(struct monitor *monitor);

/* monitor_stream.c */
int stream_pipes(struct process *process, bool with_stdin, int stdio[3]);
void stream_console(struct process *process, int master);
void stream_resume(struct process *process);
void stream_close_empty(struct process *process);
bool stream_open(const struct process *process);
void input_write(struct process *process, const void *data, size_t size);
void input_close(struct process *process);
int stream_resize(struct process *process, unsigned rows, unsigned cols);
int queue_put(struct queue *queue, const void *data, size_t size);
size_t queue_size(const struct queue *queue);
int queue_write(struct queue *queue, int fd);
void queue_free(struct queue *queue);

/* monitor_client.c */
int client_add(struct process *process, int fd, bool lossless, unsigned wants, bool may_write);
void client_output(struct process *process, uint8_t *data, size_t size, uint8_t frame);
bool client_blocks(const struct process *process);
void client_started(struct process *process);
void client_tell_exit(struct process *process);
void client_grant(struct process *process);
void client_drop_all(struct process *process);
void client_expire(struct process *process, uint64_t now);
uint64_t client_deadline(const struct process *process);

/* monitor_log.c */
int log_open(struct log **log, const struct log_settings *settings, struct failure *failure);
int log_write(struct log *log, int stream, const uint8_t *data, size_t size);
int log_end_stream(struct log *log, int stream);
int log_reopen(struct log *log);
void log_close(struct log *log);

/* monitor_control.c */
int control_listen(struct monitor *monitor);
void control_ready(struct monitor *monitor, struct watch *watch, uint32_t events);
void control_send(struct monitor *monitor, const struct wire_writer *writer, int fd);
void control_ok(struct monitor *monitor, uint32_t request);
void control_error(struct monitor *monitor, uint32_t request, struct op_error where,
                   const char *text);
void control_warning(struct monitor *monitor, struct op_error where, const char *text);
void control_created(struct process *process, uint32_t request);
void control_started(struct process *process, uint32_t request);
void control_ended(struct process *process);
void control_event(struct monitor *monitor, uint16_t type);
void control_client_gone(const struct client *client, int err, const char *reason);

/*
 * monitor_task.c. Making files is slow on a disk file system, and most of what a task needs on disk
 * is for a JVM that has gone: a short-lived task whose JVM stays never needs it. So the task file
 * is written before CREATED or STARTED, the rest follows SETTLE_MS later, or at once when the
 * control connection is lost.
 */
int task_write(struct monitor *monitor);
/* monitor.sock, the log file, room for the exit record, the watch on memory */
void task_settle(struct monitor *monitor);
int task_open_log(struct monitor *monitor);
void task_write_exit(struct monitor *monitor);
/* nobody is connected: what was put off is done now */
void task_be_alone(struct monitor *monitor);
void task_expire(struct monitor *monitor, uint64_t now);
uint64_t task_deadline(const struct monitor *monitor);
void task_forget(struct monitor *monitor);
uint64_t task_start_time(pid_t pid);

/* monitor_cgroup.c */
int cgroup_enter(const struct cgroup *cgroup, pid_t pid, struct failure *failure);
int cgroup_kill_all(struct monitor *monitor, int signal);
void cgroup_watch_oom(struct monitor *monitor);
void cgroup_read_oom(struct monitor *monitor);

#endif
