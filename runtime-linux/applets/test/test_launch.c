/* Life of a container: create, start, end, failures, what dies with whom. */
#define _GNU_SOURCE
#include "cgroups.h"
#include "fixture.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})

static struct planner planner;
static struct packet packet;

static void start(struct fixture *f, struct task *task, const struct container *container,
                  uint32_t flags)
{
    int root = fixture_root();

    plan_container(&planner, container);
    task_spawn(f, task, &planner, flags, &root, 1);
}

/* receives an ERROR and checks its operation and errno */
static void expect_error(struct task *task, uint32_t id, uint32_t code, int err)
{
    task_await(task, &packet, REPLY_ERROR);
    CHECK_INT(packet.message.id, id);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), code);
    CHECK_INT(wire_u32(&packet.message.args), err);
}

static void expect_exit(struct task *task, uint32_t kind, uint32_t value)
{
    task_await(task, &packet, TASK_EXIT);
    CHECK_INT(wire_u32(&packet.message.args), kind);
    CHECK_INT(wire_u32(&packet.message.args), value);
}

static void run_true_exitsZero(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    run_container(f, &(struct container){.argv = ARGV("/bin/guest", "exit", "0")}, &heard, &task);
    CHECK_INT(heard.kind, END_EXITED);
    CHECK_INT(heard.value, 0);
    CHECK(heard.started);
    heard_free(&heard);
}

static void run_exit42_isToldEverywhere(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    char value[64];

    start(f, &task, &(struct container){.argv = ARGV("guest", "exit", "42")},
          LAUNCH_AUTOSTART | LAUNCH_CLIENT0);
    task_await(&task, &packet, TASK_STARTED);
    CHECK_INT(packet.message.id, 7);
    client_hear(task.client, &heard);
    CHECK_INT(heard.value, 42);
    expect_exit(&task, END_EXITED, 42);
    task_await_file(&task, "exit", "value", value, sizeof value);
    CHECK_TEXT(value, "42");
    task_await_file(&task, "exit", "kind", value, sizeof value);
    CHECK_TEXT(value, "exited");
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

static void create_thenStart_runs(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    char value[64];
    char comm[64];
    char path[64];

    start(f, &task, &(struct container){.argv = ARGV("guest", "print", "hello")}, LAUNCH_CLIENT0);
    task_await(&task, &packet, TASK_CREATED);
    task.pid = (pid_t)wire_u32(&packet.message.args);
    CHECK(wire_u64(&packet.message.args) > 0);
    CHECK(task_file(&task, "task", "pid", value, sizeof value));
    CHECK_INT(atoi(value), task.pid);
    snprintf(path, sizeof path, "/proc/%d/comm", task.pid);
    CHECK(read_file_at(AT_FDCWD, path, comm, sizeof comm) > 0);
    CHECK_TEXT(comm, "felucca-monitor"); /* parked: the program is not executed yet */
    task_request(&task, TASK_START, 8, "");
    task_await(&task, &packet, TASK_STARTED);
    CHECK_INT(packet.message.id, 8);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "hello");
    expect_exit(&task, END_EXITED, 0);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

static void start_twice_isRefused(struct fixture *f)
{
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "wait")}, LAUNCH_AUTOSTART);
    task_await(&task, &packet, TASK_STARTED);
    task_request(&task, TASK_START, 8, "");
    expect_error(&task, 8, 0, EALREADY);
    task_request(&task, TASK_DELETE, 9, "i", 0u);
    expect_error(&task, 9, 0, EBUSY);
    task_request(&task, TASK_KILL, 10, "sii", "", (uint32_t)SIGKILL, 0u);
    task_await(&task, &packet, REPLY_OK);
    expect_exit(&task, END_SIGNALED, SIGKILL);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
}

static void kill_whileCreated_isAnEnd(struct fixture *f)
{
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "wait")}, 0);
    task_await(&task, &packet, TASK_CREATED);
    task_request(&task, TASK_KILL, 10, "sii", "", (uint32_t)SIGKILL, 1u);
    task_await(&task, &packet, REPLY_OK);
    expect_exit(&task, END_SIGNALED, SIGKILL);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
}

static void signal_reachesProgram(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "wait")},
          LAUNCH_AUTOSTART | LAUNCH_CLIENT0);
    task_await(&task, &packet, TASK_STARTED);
    client_hear_until(task.client, &heard, "ready");
    task_request(&task, TASK_KILL, 10, "sii", "", (uint32_t)SIGTERM, 0u);
    task_await(&task, &packet, REPLY_OK);
    expect_exit(&task, END_EXITED, 40 + SIGTERM);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "signal 15");
    task_await(&task, &packet, TASK_DRAINED);
    task_request(&task, TASK_KILL, 11, "sii", "", (uint32_t)SIGTERM, 0u);
    expect_error(&task, 11, 0, ESRCH);
    task_delete(&task);
    heard_free(&heard);
}

/* the task is gone and left no record */
static void expect_gone(struct task *task)
{
    char value[16];

    CHECK(message_receive(task->control, packet.bytes, &packet.message) == 0);
    CHECK(!task_file(task, "task", "pid", value, sizeof value));
    close(task->control);
    close(task->dir);
}

static void exec_ofMissingProgram_isENOENT(struct fixture *f)
{
    struct task task;
    char byte;

    start(f, &task, &(struct container){.argv = ARGV("absent")}, LAUNCH_AUTOSTART | LAUNCH_CLIENT0);
    expect_error(&task, 7, OP_EXEC, ENOENT);
    expect_gone(&task);
    for (;;) { /* client 0 hears no EXIT */
        uint8_t header[8];
        ssize_t n = read(task.client, header, sizeof header);

        if (n == 0)
            break;
        CHECK(n == 8 && header[4] == 7);
        for (uint32_t i = 0; i < wire_u32_at(header); i++)
            CHECK(read(task.client, &byte, 1) == 1);
    }
    close(task.client);
}

static void exec_ofDirectory_isEACCES(struct fixture *f)
{
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("/bin")}, LAUNCH_AUTOSTART);
    expect_error(&task, 7, OP_EXEC, EACCES);
    expect_gone(&task);
}

static void start_ofMissingProgram_stopsTheTask(struct fixture *f)
{
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("/no/such")}, 0);
    task_await(&task, &packet, TASK_CREATED);
    task_request(&task, TASK_START, 8, "");
    expect_error(&task, 8, OP_EXEC, ENOENT);
    expect_exit(&task, END_UNKNOWN, 0);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
}

static void add_bad_mount(struct planner *p)
{
    plan_op(p, OP_FS_MOUNT, "issvl", SLOT_FREE, "nofs", "", (char *[]){NULL}, 0ull);
}

static void setup_failure_namesOperation(struct fixture *f)
{
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest"), .mounts = add_bad_mount}, 0);
    task_await(&task, &packet, REPLY_ERROR);
    CHECK(wire_u32(&packet.message.args) > 3);
    CHECK_INT(wire_u32(&packet.message.args), OP_FS_MOUNT);
    CHECK_INT(wire_u32(&packet.message.args), ENODEV);
    CHECK_TEXT(wire_string(&packet.message.args), "cannot open file system nofs: no such device");
    expect_gone(&task);
}

static void optional_failure_isWarning(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "exit", "3"),
                                                 .mounts = add_bad_mount});
    /* the bad mount becomes OPTIONAL: flags stand behind the opcode */
    for (size_t i = 32; i + 8 < planner.writer.used;) {
        uint8_t *op = planner.buffer + i;

        if (wire_u16_at(op) == OP_FS_MOUNT && wire_u32_at(op + 8) == SLOT_FREE)
            op[2] = OP_OPTIONAL;
        i += 8 + wire_u32_at(op + 4);
    }
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, TASK_STARTED);
    CHECK_INT(task.warnings >= 1, 1);
    expect_exit(&task, END_EXITED, 3);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

static void bad_plan_isRefused(struct fixture *f)
{
    struct task task;
    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest")});
    planner.buffer[40] ^= 0xff;
    task_spawn(f, &task, &planner, 0, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), EINVAL);
    expect_gone(&task);
}

static void slots_thatDoNotMatch_areRefused(struct fixture *f)
{
    struct task task;
    int roots[2] = {fixture_root(), fixture_root()};

    plan_container(&planner, &(struct container){.argv = ARGV("guest")});
    task_spawn(f, &task, &planner, 0, roots, 2);
    expect_error(&task, 7, 0, EINVAL);
    expect_gone(&task);
}

static void run_inUserNamespace_isRootInside(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    run_container(f,
                  &(struct container){.argv = ARGV("guest", "status"), .user_namespace = true},
                  &heard, &task);
    CHECK_INT(heard.value, 0);
    CHECK_TEXT(heard.out, "Uid:\t0\t0\t0\t0");
    heard_free(&heard);
}

static void run_withCgroups_isInsideThem(struct fixture *f)
{
    struct heard heard = {0};
    struct cgroups cgroups;
    struct task task;
    int slots[CGROUPS_LIMIT + 1];
    int count = cgroups_count(&cgroups);

    slots[0] = fixture_root();
    cgroups_make(&cgroups, slots + 1);
    plan_container(&planner, &(struct container){.argv = ARGV("guest", "cat", "/proc/self/cgroup"),
                                                 .cgroups = count,
                                                 .cgroup_version = cgroups.version});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, slots, 1 + count);
    task_await(&task, &packet, TASK_STARTED);
    client_hear(task.client, &heard);
    /* its own cgroup is the root of its cgroup namespace */
    CHECK(heard.out != NULL);
    CHECK_TEXT(heard.out, cgroups.version == 1 ? "memory:/\n" : "0::/\n");
    expect_exit(&task, END_EXITED, 0);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    cgroups_remove(&cgroups);
    heard_free(&heard);
}

static void oom_isToldBeforeTheEnd(struct fixture *f)
{
    struct cgroups cgroups;
    struct task task;
    int slots[CGROUPS_LIMIT + 1];
    int count = cgroups_count(&cgroups);
    char value[16];

    slots[0] = fixture_root();
    cgroups_make(&cgroups, slots + 1);
    cgroups_write(&cgroups, cgroups.version == 1 ? "memory.limit_in_bytes" : "memory.max",
                  "16777216");
    plan_container(&planner, &(struct container){.argv = ARGV("guest", "consume", "100000000"),
                                                 .cgroups = count,
                                                 .cgroup_version = cgroups.version});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, slots, 1 + count);
    task_await(&task, &packet, TASK_STARTED);
    task_await(&task, &packet, TASK_OOM);
    CHECK(wire_u32(&packet.message.args) >= 1);
    task_await(&task, &packet, TASK_EXIT);
    CHECK_INT(wire_u32(&packet.message.args), END_SIGNALED);
    CHECK_INT(wire_u32(&packet.message.args), SIGKILL);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), 1);
    task_await_file(&task, "exit", "oom", value, sizeof value);
    CHECK_TEXT(value, "1");
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    cgroups_remove(&cgroups);
}

static void kill_all_reachesSharedPidNamespace(struct fixture *f)
{
    struct heard heard = {0};
    struct cgroups cgroups;
    struct task task;
    int slots[CGROUPS_LIMIT + 1];
    int count = cgroups_count(&cgroups);

    slots[0] = fixture_root();
    cgroups_make(&cgroups, slots + 1);
    plan_container(&planner, &(struct container){.argv = ARGV("guest", "leave", "600"),
                                                 .host_pid = true,
                                                 .cgroups = count,
                                                 .cgroup_version = cgroups.version});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, slots, 1 + count);
    task_await(&task, &packet, TASK_STARTED);
    expect_exit(&task, END_EXITED, 0);
    client_hear(task.client, &heard); /* ends only when the grandchild is killed, too */
    CHECK_TEXT(heard.out, "left");
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    cgroups_remove(&cgroups);
    heard_free(&heard);
}

static void reaper_forwardsAndEndsAsChild(struct fixture *f)
{
    char pid[32];
    char path[64];
    char comm[32];
    struct heard heard = {0};
    struct task task;

    start(f, &task,
          &(struct container){.argv = ARGV("guest", "wait"), .exec_flags = EXEC_REAPER},
          LAUNCH_AUTOSTART | LAUNCH_CLIENT0);
    task_await(&task, &packet, TASK_STARTED);
    client_hear_until(task.client, &heard, "ready");
    CHECK(task_file(&task, "task", "pid", pid, sizeof pid));
    snprintf(path, sizeof path, "/proc/%d/comm", atoi(pid));
    CHECK(read_file_at(AT_FDCWD, path, comm, sizeof comm) > 0);
    CHECK_TEXT(comm, "felucca-init");
    snprintf(path, sizeof path, "/proc/%d/cmdline", atoi(pid));
    CHECK(read_file_at(AT_FDCWD, path, comm, sizeof comm) > 0);
    CHECK_TEXT(comm, "felucca-init");
    CHECK(task_file(&task, "task", "monitor_pid", pid, sizeof pid));
    snprintf(path, sizeof path, "/proc/%d/cmdline", atoi(pid));
    CHECK(read_file_at(AT_FDCWD, path, comm, sizeof comm) > 0);
    CHECK(strncmp(comm, "monitor ", 8) == 0);
    task_request(&task, TASK_KILL, 10, "sii", "", (uint32_t)SIGUSR1, 0u);
    task_await(&task, &packet, REPLY_OK);
    expect_exit(&task, END_EXITED, 40 + SIGUSR1);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

static void reaper_ofMissingProgram_isENOENT(struct fixture *f)
{
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("absent"), .exec_flags = EXEC_REAPER},
          LAUNCH_AUTOSTART);
    expect_error(&task, 7, OP_EXEC, ENOENT);
    expect_gone(&task);
}

static bool alive(pid_t pid)
{
    char path[32];
    char text[512];
    const char *state;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (read_file_at(AT_FDCWD, path, text, sizeof text) < 0)
        return false;
    state = strrchr(text, ')');
    return state && state[2] != 'Z';
}

static pid_t monitor_pid(const struct task *task)
{
    char value[32];

    CHECK(task_file(task, "task", "monitor_pid", value, sizeof value));
    return atoi(value);
}

static void killed_monitor_takesContainerAlong(struct fixture *f)
{
    struct task task;
    pid_t pid;

    start(f, &task, &(struct container){.argv = ARGV("guest", "sleep", "600")}, LAUNCH_AUTOSTART);
    task_await(&task, &packet, TASK_STARTED);
    pid = (pid_t)wire_u32(&packet.message.args);
    CHECK(alive(pid));
    kill(monitor_pid(&task), SIGKILL);
    CHECK(message_receive(task.control, packet.bytes, &packet.message) == 0);
    for (int i = 0; i < 2000 && alive(pid); i++)
        usleep(1000);
    CHECK(!alive(pid));
    close(task.control);
    close(task.dir);
}

static void killed_spawn_leavesMonitorsAlone(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "wait")},
          LAUNCH_AUTOSTART | LAUNCH_CLIENT0);
    task_await(&task, &packet, TASK_STARTED);
    client_hear_until(task.client, &heard, "ready");
    kill(f->spawn, SIGKILL);
    task_request(&task, TASK_KILL, 10, "sii", "", (uint32_t)SIGTERM, 0u);
    task_await(&task, &packet, REPLY_OK);
    expect_exit(&task, END_EXITED, 40 + SIGTERM);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

static void spawn_runsFromSealedMemory(struct fixture *f)
{
    char path[64];
    char target[128];
    ssize_t n;
    int fd;

    snprintf(path, sizeof path, "/proc/%d/exe", f->spawn);
    n = readlink(path, target, sizeof target - 1);
    CHECK(n > 0);
    target[n] = '\0';
    CHECK_TEXT(target, "/memfd:felucca-applets");
    fd = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    CHECK_INT(fcntl(fd, 1034 /* F_GET_SEALS */), 0xf);
    close(fd);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    CHECK(fd < 0 || write(fd, "x", 1) < 0);
}

const struct test launch_tests[] = {
    {"run_true_exitsZero", run_true_exitsZero},
    {"run_exit42_isToldEverywhere", run_exit42_isToldEverywhere},
    {"create_thenStart_runs", create_thenStart_runs},
    {"start_twice_isRefused", start_twice_isRefused},
    {"kill_whileCreated_isAnEnd", kill_whileCreated_isAnEnd},
    {"signal_reachesProgram", signal_reachesProgram},
    {"exec_ofMissingProgram_isENOENT", exec_ofMissingProgram_isENOENT},
    {"exec_ofDirectory_isEACCES", exec_ofDirectory_isEACCES},
    {"start_ofMissingProgram_stopsTheTask", start_ofMissingProgram_stopsTheTask},
    {"setup_failure_namesOperation", setup_failure_namesOperation},
    {"optional_failure_isWarning", optional_failure_isWarning},
    {"bad_plan_isRefused", bad_plan_isRefused},
    {"slots_thatDoNotMatch_areRefused", slots_thatDoNotMatch_areRefused},
    {"run_inUserNamespace_isRootInside", run_inUserNamespace_isRootInside},
    {"run_withCgroups_isInsideThem", run_withCgroups_isInsideThem},
    {"oom_isToldBeforeTheEnd", oom_isToldBeforeTheEnd},
    {"kill_all_reachesSharedPidNamespace", kill_all_reachesSharedPidNamespace},
    {"reaper_forwardsAndEndsAsChild", reaper_forwardsAndEndsAsChild},
    {"reaper_ofMissingProgram_isENOENT", reaper_ofMissingProgram_isENOENT},
    {"killed_monitor_takesContainerAlong", killed_monitor_takesContainerAlong},
    {"killed_spawn_leavesMonitorsAlone", killed_spawn_leavesMonitorsAlone},
    {"spawn_runsFromSealedMemory", spawn_runsFromSealedMemory},
    {NULL, NULL},
};
