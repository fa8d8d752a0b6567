/*
 * What the tests stand on: a spawn started from the built binary, container roots made in memory,
 * tasks with their control socket and client 0. The test plays the JVM.
 */
#ifndef FELUCCA_TEST_FIXTURE_H
#define FELUCCA_TEST_FIXTURE_H

#include "lib/message.h"
#include "planner.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CAPTURE (8u << 20)

struct fixture {
    char dir[64];
    int control; /* the JVM's end of the spawn socket */
    pid_t spawn;
    int tasks;
    int client_buffer; /* bytes that client 0's socket holds; 0: the system's default */
};

struct task {
    int control;
    int client; /* the client's end; -1 without */
    int dir;
    char path[80];
    uint32_t warnings;
    char warning[256];
    pid_t pid;
};

/* a received message and the bytes it lies in */
struct packet {
    struct message message;
    uint8_t bytes[MESSAGE_MAX];
};

/* what a client has read */
struct heard {
    char *out;
    size_t out_size;
    char *err;
    size_t err_size;
    bool exited;
    uint32_t kind;
    uint32_t value;
    bool started;
    char error[128];
    uint32_t credit;
};

/* a check that ends the test with a message */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            check_failed(__FILE__, __LINE__, #condition);                                          \
    } while (0)
#define CHECK_TEXT(text, part) check_text(__FILE__, __LINE__, text, part)
#define CHECK_INT(actual, expected) check_int(__FILE__, __LINE__, #actual, actual, expected)

_Noreturn void check_failed(const char *file, int line, const char *what);
void check_text(const char *file, int line, const char *text, const char *part);
void check_int(const char *file, int line, const char *what, long actual, long expected);

/* where fixtures make their directories; the runner makes and removes it */
extern char fixture_base[40];

void fixture_start(struct fixture *fixture);
void fixture_stop(struct fixture *fixture);
/* a detached tmpfs with /bin/guest, mount points and hostile things; the caller owns it */
int fixture_root(void);

/* options of a container plan; zero values are the plain defaults */
struct container {
    char *const *argv;
    char *const *env;
    bool terminal;
    bool user_namespace;
    bool host_pid;
    bool no_park_cgroups;
    uint32_t uid;
    uint32_t exec_flags;
    const char *cwd;
    int cgroups; /* given slots 1..n are cgroup directories */
    uint32_t cgroup_version;
    /* adds operations before PIVOT's end of mounts, and before CREDENTIALS */
    void (*mounts)(struct planner *planner);
    void (*process)(struct planner *planner);
    uint32_t extra_slots;
};

/* slot numbers a container plan uses from here on are free for tests */
#define SLOT_FREE 60u
#define SLOTS_TOTAL 100u

void plan_container(struct planner *planner, const struct container *container);
/* an exec plan: ENTER, CREDENTIALS, EXEC */
void plan_exec(struct planner *planner, char *const *argv, bool terminal);
/* the same; given slots 0.. are cgroup directories */
void plan_exec_in_cgroups(struct planner *planner, char *const *argv, int count,
                          uint32_t version);

/* sends SPAWN with a fresh control socket; flags LAUNCH_*; slots are closed */
void task_spawn(struct fixture *fixture, struct task *task, struct planner *planner,
                uint32_t flags, const int *slots, int slot_count);
void task_spawn_logged(struct fixture *fixture, struct task *task, struct planner *planner,
                       uint32_t flags, const int *slots, int slot_count, uint64_t log_max,
                       uint32_t log_files);
/* receives until a message of this type; others but WARNING and CLIENT_GONE fail the test */
void task_await(struct task *task, struct packet *packet, uint16_t type);
void task_request(struct task *task, uint16_t type, uint32_t id, const char *signature, ...);
void task_exec(struct task *task, const char *id, uint32_t flags, struct planner *planner,
               int *client);
/* DELETE, then waits for the end of the monitor */
void task_delete(struct task *task);
/* the same, waiting for a file that comes a moment later; a missing one fails the test */
void task_await_file(const struct task *task, const char *file, const char *key, char *value,
                     size_t size);
/* adopts over monitor.sock, which comes a moment after the start: a new control connection */
int task_connect(const struct task *task);
/* one try; -1 when nobody listens */
int task_try_connect(const struct task *task);
/* value of a key in a file of the task directory */
bool task_file(const struct task *task, const char *file, const char *key, char *value,
               size_t size);

void client_send(int client, uint8_t type, const void *payload, uint32_t size);
/* reads frames until EXIT, ERROR or end of file */
void client_hear(int client, struct heard *heard);
/* reads one frame; the end of the socket fails the test */
void client_hear_some(int client, struct heard *heard);
/* reads frames until the text is in stdout */
void client_hear_until(int client, struct heard *heard, const char *text);
void heard_free(struct heard *heard);

/* runs a container to its end with client 0 and AUTOSTART and deletes it */
void run_container(struct fixture *fixture, const struct container *container, struct heard *heard,
                   struct task *task);

/* all tests of a file */
struct test {
    const char *name;
    void (*run)(struct fixture *fixture);
};

extern const struct test plan_tests[];
extern const struct test launch_tests[];
extern const struct test mount_tests[];
extern const struct test op_tests[];
extern const struct test process_tests[];
extern const struct test spec_tests[];
extern const struct test stream_tests[];
extern const struct test control_tests[];
extern const struct test spawn_tests[];
extern const struct test runtime_tests[];
extern const struct test supervise_tests[];
extern const struct test oci_tests[];

#endif
