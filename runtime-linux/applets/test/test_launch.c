/* Life of a container: create, start, run, exit statuses, failures, exec. */
#include "fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})

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
    struct planner planner;
    struct packet packet;
    int root = fixture_root();
    char value[64];

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "exit", "42")});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, &root, 1);
    task_await(&task, &packet, TASK_STARTED);
    CHECK_INT(packet.message.id, 7);
    client_hear(task.client, &heard);
    CHECK_INT(heard.value, 42);
    task_await(&task, &packet, TASK_EXIT);
    CHECK_INT(wire_u32(&packet.message.args), END_EXITED);
    CHECK_INT(wire_u32(&packet.message.args), 42);
    CHECK(task_file(&task, "exit", "value", value, sizeof value));
    CHECK_TEXT(value, "42");
    CHECK(task_file(&task, "exit", "kind", value, sizeof value));
    CHECK_TEXT(value, "exited");
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

const struct test launch_tests[] = {
    {"run_true_exitsZero", run_true_exitsZero},
    {"run_exit42_isToldEverywhere", run_exit42_isToldEverywhere},
    {NULL, NULL},
};
