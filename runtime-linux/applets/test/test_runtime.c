/* Plans of kind 3, with a shell in the place of another runtime's program. */
#define _GNU_SOURCE
#include "fixture.h"

#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIST(...) ((char *[]){__VA_ARGS__, NULL})
#define GATED "mkfifo gate; sh -c 'read x <gate; echo out; exit 5' & echo $! >init.pid"

static struct planner planner;
static struct packet packet;

static void step(uint32_t stage, const char *directory, const char *script, const char *pid_file)
{
    plan_op(&planner, OP_RUNTIME, "isvvss", stage, directory,
            LIST("/bin/sh", "-c", (char *)(uintptr_t)script), LIST("PATH=/usr/bin:/bin"), pid_file, "");
}

/* the first task's directory is known before it is made */
static void spawn(struct fixture *f, struct task *task, uint32_t flags, const char *make,
                  const char *start)
{
    char directory[80];
    char target[96];
    int root = fixture_root();

    snprintf(directory, sizeof directory, "%s/t0", f->dir);
    snprintf(target, sizeof target, "%s/rootfs", directory);
    CHECK(mkdir(directory, 0700) == 0 && mkdir(target, 0700) == 0);
    plan_open(&planner, PLAN_RUNTIME, 0);
    plan_op(&planner, OP_BUNDLE_ROOT, "is", 0u, target);
    plan_op(&planner, OP_HIDE, "s", "/no/such/mount");
    step(RUNTIME_MAKE, directory, make, "init.pid");
    step(RUNTIME_START, directory, start, "");
    plan_close(&planner, 1, 1);
    task_spawn(f, task, &planner, flags, &root, 1);
}

static void expect_error(struct task *task, int err, const char *text)
{
    task_await(task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), OP_RUNTIME);
    CHECK_INT(wire_u32(&packet.message.args), err);
    CHECK_TEXT(wire_string(&packet.message.args), text);
}

static void expect_exit(struct task *task, uint32_t kind, uint32_t value)
{
    task_await(task, &packet, TASK_EXIT);
    CHECK_INT(wire_u32(&packet.message.args), kind);
    CHECK_INT(wire_u32(&packet.message.args), value);
    task_await(task, &packet, TASK_DRAINED);
}

static void runtime_makesThenStarts(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    char value[64];

    spawn(f, &task, LAUNCH_CLIENT0, GATED, "echo go >gate");
    task_await(&task, &packet, TASK_CREATED);
    CHECK(wire_u32(&packet.message.args) > 1);
    CHECK(task_file(&task, "task", "pid", value, sizeof value));
    CHECK(faccessat(task.dir, "init.pid", F_OK, 0) < 0);
    task_request(&task, TASK_START, 8, "");
    task_await(&task, &packet, TASK_STARTED);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "out");
    CHECK_INT(heard.value, 5);
    expect_exit(&task, END_EXITED, 5);
    task_delete(&task);
    heard_free(&heard);
}

static void runtime_slowerThanItsProcess_startsBeforeTheEnd(struct fixture *f)
{
    struct task task;

    spawn(f, &task, LAUNCH_AUTOSTART, GATED, "echo go >gate; sleep 0.3");
    task_await(&task, &packet, TASK_STARTED);
    expect_exit(&task, END_EXITED, 5);
    task_delete(&task);
}

static void runtime_thatFails_tellsNoClient(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    spawn(f, &task, LAUNCH_CLIENT0, "echo secret >&2; exit 9", "true");
    expect_error(&task, ECANCELED, "/bin/sh: exit status 9");
    client_hear(task.client, &heard);
    CHECK(!heard.exited && heard.err_size == 0);
    heard_free(&heard);
}

static void runtime_withoutPidFile_isAnError(struct fixture *f)
{
    struct task task;

    spawn(f, &task, 0, "true", "true");
    expect_error(&task, ENOENT, "cannot read pid file init.pid");
}

static void runtime_startThatFails_endsTheProcess(struct fixture *f)
{
    struct task task;

    spawn(f, &task, 0, GATED, "exit 3");
    task_await(&task, &packet, TASK_CREATED);
    task_request(&task, TASK_START, 8, "");
    expect_error(&task, ECANCELED, "/bin/sh: exit status 3");
    task_await(&task, &packet, TASK_EXIT);
    CHECK_INT(wire_u32(&packet.message.args), END_UNKNOWN);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
}

static void runtime_root_isSeenByTheProgramAlone(struct fixture *f)
{
    struct task task;

    spawn(f, &task, 0, "test -x rootfs/bin/guest && " GATED, "true");
    task_await(&task, &packet, TASK_CREATED);
    CHECK(faccessat(task.dir, "rootfs/bin", F_OK, 0) < 0 && errno == ENOENT);
    task_request(&task, TASK_KILL, 10, "sii", "", (uint32_t)SIGKILL, 0u);
    task_await(&task, &packet, REPLY_OK);
    expect_exit(&task, END_SIGNALED, SIGKILL);
    task_delete(&task);
}

static void refused(const char *text)
{
    struct plan plan;
    struct failure failure;
    uint32_t bad;

    plan_close(&planner, 0, 0);
    CHECK_INT(plan_read(&plan, planner.writer.start, planner.writer.used, &bad, &failure), -EINVAL);
    CHECK_TEXT(failure.text, text);
}

static void runtime_badPlans_areRefused(struct fixture *f)
{
    (void)f;
    plan_open(&planner, PLAN_RUNTIME, 0);
    refused("no RUNTIME");
    plan_open(&planner, PLAN_RUNTIME, 0);
    step(RUNTIME_START, "/", "true", "");
    refused("out of order");
    plan_open(&planner, PLAN_RUNTIME, 0);
    step(RUNTIME_MAKE, "/", "true", "../init.pid");
    refused("value out of range");
    plan_open(&planner, PLAN_RUNTIME, 0);
    step(RUNTIME_MAKE, "relative", "true", "init.pid");
    refused("value out of range");
    plan_open(&planner, PLAN_RUNTIME, 0);
    step(RUNTIME_MAKE, "/", "true", "init.pid");
    plan_op(&planner, OP_HIDE, "s", "/late");
    refused("out of order");
    plan_open(&planner, PLAN_RUNTIME, 0);
    plan_op(&planner, OP_NO_NEW_PRIVS, "");
    refused("NO_NEW_PRIVS in a plan of kind 3");
    plan_open(&planner, PLAN_CONTAINER, 0);
    step(RUNTIME_MAKE, "/", "true", "init.pid");
    refused("RUNTIME in a plan of kind 1");
}

const struct test runtime_tests[] = {
    {"runtime_makesThenStarts", runtime_makesThenStarts},
    {"runtime_slowerThanItsProcess_startsBeforeTheEnd",
     runtime_slowerThanItsProcess_startsBeforeTheEnd},
    {"runtime_thatFails_tellsNoClient", runtime_thatFails_tellsNoClient},
    {"runtime_withoutPidFile_isAnError", runtime_withoutPidFile_isAnError},
    {"runtime_startThatFails_endsTheProcess", runtime_startThatFails_endsTheProcess},
    {"runtime_root_isSeenByTheProgramAlone", runtime_root_isSeenByTheProgramAlone},
    {"runtime_badPlans_areRefused", runtime_badPlans_areRefused},
    {NULL, NULL},
};
