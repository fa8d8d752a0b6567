/* The control socket: exec, adoption by another JVM, malformed messages. */
#define _GNU_SOURCE
#include "cgroups.h"
#include "fixture.h"
#include "lib/fd.h"
#include "lib/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})

static struct planner planner;
static struct packet packet;

/* a container that waits for a signal */
static void start_waiting(struct fixture *f, struct task *task)
{
    struct heard heard = {0};
    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "wait")});
    task_spawn(f, task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, &root, 1);
    task_await(task, &packet, TASK_STARTED);
    task->pid = (pid_t)wire_u32(&packet.message.args);
    client_hear_until(task->client, &heard, "ready");
    heard_free(&heard);
}

static void stop(struct task *task)
{
    task_request(task, TASK_KILL, 70, "sii", "", (uint32_t)SIGUSR1, 0u);
    task_await(task, &packet, REPLY_OK);
    task_await(task, &packet, TASK_EXIT);
    CHECK_INT(wire_u32(&packet.message.args), END_EXITED);
    CHECK_INT(wire_u32(&packet.message.args), 40 + SIGUSR1);
    task_await(task, &packet, TASK_DRAINED);
    task_delete(task);
}

static void exec_runsInside(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    int client;

    start_waiting(f, &task);
    plan_exec(&planner, ARGV("guest", "names"), false);
    task_exec(&task, "one", LAUNCH_CLIENT0, &planner, &client);
    task_await(&task, &packet, TASK_EXEC_STARTED);
    CHECK_TEXT(wire_string(&packet.message.args), "one");
    CHECK(wire_u32(&packet.message.args) > 1);
    client_hear(client, &heard);
    CHECK_TEXT(heard.out, "host felucca");
    CHECK_INT(heard.value, 0);
    task_await(&task, &packet, TASK_EXEC_EXIT);
    CHECK_TEXT(wire_string(&packet.message.args), "one");
    CHECK_INT(wire_u32(&packet.message.args), END_EXITED);
    CHECK_INT(wire_u32(&packet.message.args), 0);
    close(client);
    stop(&task);
    heard_free(&heard);
}

static void exec_ofMissingProgram_isENOENT(struct fixture *f)
{
    struct task task;
    int client;
    uint8_t byte[64];

    start_waiting(f, &task);
    plan_exec(&planner, ARGV("absent"), false);
    task_exec(&task, "one", LAUNCH_CLIENT0, &planner, &client);
    task_await(&task, &packet, REPLY_ERROR);
    CHECK_INT(packet.message.id, 20);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), OP_EXEC);
    CHECK_INT(wire_u32(&packet.message.args), ENOENT);
    CHECK_INT(read(client, byte, sizeof byte), 0);
    close(client);
    stop(&task);
}

static void exec_tellsSignals(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    int client;

    start_waiting(f, &task);
    plan_exec(&planner, ARGV("guest", "wait"), false);
    task_exec(&task, "one", LAUNCH_CLIENT0, &planner, &client);
    task_await(&task, &packet, TASK_EXEC_STARTED);
    client_hear_until(client, &heard, "ready");
    task_exec(&task, "one", 0, &planner, NULL);
    task_await(&task, &packet, REPLY_ERROR); /* the id is in use */
    task_request(&task, TASK_KILL, 33, "sii", "one", (uint32_t)SIGKILL, 0u);
    task_await(&task, &packet, REPLY_OK);
    client_hear(client, &heard);
    CHECK_INT(heard.kind, END_SIGNALED);
    CHECK_INT(heard.value, SIGKILL);
    task_await(&task, &packet, TASK_EXEC_EXIT);
    task_request(&task, TASK_KILL, 34, "sii", "one", (uint32_t)SIGKILL, 0u);
    task_await(&task, &packet, REPLY_ERROR);
    close(client);
    stop(&task);
    heard_free(&heard);
}

static void exec_withTerminal(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    int client;

    start_waiting(f, &task);
    plan_exec(&planner, ARGV("guest", "tty"), true);
    task_exec(&task, "tty", LAUNCH_CLIENT0, &planner, &client);
    task_await(&task, &packet, TASK_EXEC_STARTED);
    client_hear(client, &heard);
    CHECK_TEXT(heard.out, "tty 1 1 1");
    CHECK_TEXT(heard.out, "size 30 100");
    task_await(&task, &packet, TASK_EXEC_EXIT);
    close(client);
    stop(&task);
    heard_free(&heard);
}

static void exec_hundredAtOnce(struct fixture *f)
{
    struct task task;
    bool seen[100] = {false};

    start_waiting(f, &task);
    for (int i = 0; i < 100; i++) {
        char id[16];
        char status[16];

        snprintf(id, sizeof id, "e%d", i);
        snprintf(status, sizeof status, "%d", i);
        plan_exec(&planner, ARGV("guest", "exit", status), false);
        task_exec(&task, id, 0, &planner, NULL);
    }
    for (int done = 0; done < 100;) {
        const char *id;

        CHECK(message_receive(task.control, packet.bytes, &packet.message) == 1);
        if (packet.message.type == TASK_EXEC_STARTED)
            continue;
        if (packet.message.type == REPLY_ERROR) {
            for (int i = 0; i < 3; i++)
                wire_u32(&packet.message.args);
            CHECK_TEXT(wire_string(&packet.message.args), "no error");
        }
        CHECK_INT(packet.message.type, TASK_EXEC_EXIT);
        id = wire_string(&packet.message.args);
        CHECK_INT(wire_u32(&packet.message.args), END_EXITED);
        CHECK_INT(wire_u32(&packet.message.args), atoi(id + 1));
        CHECK(!seen[atoi(id + 1)]);
        seen[atoi(id + 1)] = true;
        done++;
    }
    stop(&task);
}

/* an exec enters the container's cgroups, too */
static void exec_entersCgroups(struct fixture *f)
{
    static uint8_t bytes[MESSAGE_MAX];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, TASK_EXEC, 20);
    struct heard heard = {0};
    struct cgroups cgroups;
    struct task task;
    int slots[CGROUPS_LIMIT + 1];
    int fds[CGROUPS_LIMIT + 1];
    int client[2];
    int count = cgroups_count(&cgroups);

    slots[0] = fixture_root();
    cgroups_make(&cgroups, slots + 1);
    cgroups_make(&cgroups, fds + 1);
    plan_container(&planner, &(struct container){.argv = ARGV("guest", "sleep", "600"),
                                                 .cgroups = count,
                                                 .cgroup_version = cgroups.version});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, slots, 1 + count);
    task_await(&task, &packet, TASK_STARTED);
    plan_exec_in_cgroups(&planner, ARGV("guest", "cat", "/proc/self/cgroup"), count,
                         cgroups.version);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, client) == 0);
    fds[0] = client[1];
    wire_put_u32(&writer, LAUNCH_CLIENT0);
    wire_put_string(&writer, "one");
    wire_put_bytes(&writer, planner.writer.start, planner.writer.used);
    CHECK(message_finish(task.control, &writer, fds, 1 + count) == 0);
    for (int i = 0; i <= count; i++)
        close(fds[i]);
    task_await(&task, &packet, TASK_EXEC_STARTED);
    client_hear(client[0], &heard);
    CHECK_TEXT(heard.out, cgroups.version == 1 ? "memory:/\n" : "0::/\n");
    task_await(&task, &packet, TASK_EXEC_EXIT);
    task_request(&task, TASK_KILL, 70, "sii", "", (uint32_t)SIGKILL, 0u);
    task_await(&task, &packet, REPLY_OK);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    cgroups_remove(&cgroups);
    close(client[0]);
    heard_free(&heard);
}

static void say_hello(struct task *task)
{
    task_request(task, TASK_HELLO, 50, "i", 1u);
    task_await(task, &packet, TASK_HELLO_REPLY);
    CHECK_INT(wire_u32(&packet.message.args), 1);
    task_await(task, &packet, TASK_STATE_REPLY);
}

static void adoption_replaysRunning(struct fixture *f)
{
    struct task task;

    start_waiting(f, &task);
    close(task.control);
    task.control = task_connect(&task);
    CHECK(task.control >= 0);
    say_hello(&task);
    CHECK_INT(wire_u32(&packet.message.args), 3);
    CHECK_INT(wire_u32(&packet.message.args), task.pid);
    stop(&task);
}

static void adoption_replacesTheOlderConnection(struct fixture *f)
{
    struct task task;
    struct task second;

    start_waiting(f, &task);
    second = task;
    second.control = task_connect(&task);
    say_hello(&second);
    CHECK(message_receive(task.control, packet.bytes, &packet.message) == 0);
    close(task.control);
    stop(&second);
}

static void wait_for_end_of(pid_t pid)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/%d/cwd", pid);
    for (int i = 0; i < 5000 && access(path, F_OK) == 0; i++)
        poll(NULL, 0, 1);
    CHECK(access(path, F_OK) < 0);
}

static void exitWithoutJvm_isOnDisk(struct fixture *f)
{
    struct task task;
    char value[64];
    pid_t monitor;

    start_waiting(f, &task);
    CHECK(task_file(&task, "task", "monitor_pid", value, sizeof value));
    monitor = atoi(value);
    close(task.control);
    kill(task.pid, SIGUSR1);
    wait_for_end_of(monitor);
    task_await_file(&task, "exit", "value", value, sizeof value);
    CHECK_INT(atoi(value), 40 + SIGUSR1);
    CHECK(task_file(&task, "task", "boot_id", value, sizeof value));
    CHECK_INT((long)strlen(value), 36);
    CHECK_INT(task_try_connect(&task), -1);
}

/* an exec that ended meanwhile is told once, with its status */
static void adoption_replaysExecs(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    int client;

    start_waiting(f, &task);
    plan_exec(&planner, ARGV("guest", "cat"), false);
    task_exec(&task, "cat", LAUNCH_CLIENT0 | LAUNCH_STDIN | LAUNCH_STDIN_ONCE, &planner, &client);
    task_await(&task, &packet, TASK_EXEC_STARTED);
    close(task.control);
    client_send(client, FRAME_STDIN_EOF, NULL, 0);
    client_hear(client, &heard);
    CHECK(heard.exited);
    close(client);
    task.control = task_connect(&task);
    say_hello(&task);
    for (int i = 0; i < 2; i++)
        wire_u32(&packet.message.args);
    wire_u64(&packet.message.args);
    for (int i = 0; i < 2; i++)
        wire_u32(&packet.message.args);
    wire_u64(&packet.message.args);
    wire_u32(&packet.message.args);
    wire_string(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), 1);
    CHECK_TEXT(wire_string(&packet.message.args), "cat");
    CHECK_INT(wire_u32(&packet.message.args), 4);
    wire_u32(&packet.message.args);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), END_EXITED);
    CHECK_INT(wire_u32(&packet.message.args), 0);
    stop(&task);
    heard_free(&heard);
}

static void malformedMessages_areAnswered(struct fixture *f)
{
    static const uint8_t cut[8] = {3, 0, 0, 0, 1, 0, 0, 0};
    static const uint8_t unknown[8] = {99, 0, 0, 0, 2, 0, 0, 0};
    struct task task;

    start_waiting(f, &task);
    CHECK(message_send(task.control, cut, sizeof cut, NULL, 0) == 0);
    task_await(&task, &packet, REPLY_ERROR);
    CHECK_INT(packet.message.id, 1);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), EINVAL);
    CHECK(message_send(task.control, unknown, sizeof unknown, NULL, 0) == 0);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), ENOSYS);
    CHECK(message_send(task.control, cut, 3, NULL, 0) == 0);
    task_await(&task, &packet, REPLY_ERROR);
    task_request(&task, TASK_HELLO, 5, "i", 0u);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), EPROTONOSUPPORT);
    stop(&task);
}

static void resizeWithoutTerminal_isENOTTY(struct fixture *f)
{
    struct task task;

    start_waiting(f, &task);
    task_request(&task, TASK_RESIZE, 5, "sii", "", 10u, 20u);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), ENOTTY);
    task_request(&task, TASK_CLOSE_STDIN, 6, "s", "");
    task_await(&task, &packet, REPLY_OK);
    stop(&task);
}

static void deleteByForce_killsFirst(struct fixture *f)
{
    struct task task;

    start_waiting(f, &task);
    task_request(&task, TASK_DELETE, 5, "i", 1u);
    task_await(&task, &packet, REPLY_OK);
    wait_for_end_of(task.pid);
}

/* what an idle monitor costs, by the kernel's own account */
static void idleMonitor_isSmall(struct fixture *f)
{
    enum { COUNT = 20 };
    static struct task tasks[COUNT];
    long total = 0;

    for (int i = 0; i < COUNT; i++)
        start_waiting(f, &tasks[i]);
    poll(NULL, 0, 2500);
    for (int i = 0; i < COUNT; i++) {
        char value[64];
        char path[64];
        char text[4096];

        CHECK(task_file(&tasks[i], "task", "monitor_pid", value, sizeof value));
        snprintf(path, sizeof path, "/proc/%d/smaps_rollup", atoi(value));
        CHECK(read_file_at(AT_FDCWD, path, text, sizeof text) > 0);
        CHECK(strstr(text, "Pss:") != NULL);
        total += atol(strstr(text, "Pss:") + 4);
    }
    printf("     idle monitor: %ld KiB PSS each\n", total / COUNT);
#ifndef SANITIZED
    CHECK(total / COUNT <= 200);
#endif
    for (int i = 0; i < COUNT; i++)
        stop(&tasks[i]);
}

const struct test control_tests[] = {
    {"exec_runsInside", exec_runsInside},
    {"execIn_ofMissingProgram_isENOENT", exec_ofMissingProgram_isENOENT},
    {"exec_tellsSignals", exec_tellsSignals},
    {"exec_withTerminal", exec_withTerminal},
    {"exec_hundredAtOnce", exec_hundredAtOnce},
    {"exec_entersCgroups", exec_entersCgroups},
    {"adoption_replaysRunning", adoption_replaysRunning},
    {"adoption_replacesTheOlderConnection", adoption_replacesTheOlderConnection},
    {"exitWithoutJvm_isOnDisk", exitWithoutJvm_isOnDisk},
    {"adoption_replaysExecs", adoption_replaysExecs},
    {"malformedMessages_areAnswered", malformedMessages_areAnswered},
    {"resizeWithoutTerminal_isENOTTY", resizeWithoutTerminal_isENOTTY},
    {"deleteByForce_killsFirst", deleteByForce_killsFirst},
    {"idleMonitor_isSmall", idleMonitor_isSmall},
    {NULL, NULL},
};
