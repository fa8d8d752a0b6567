/* exec: one more process in a container. */
#define _GNU_SOURCE
#include "cgroup.h"
#include "compiler.h"
#include "console.h"
#include "files.h"
#include "launch.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lifecycle.h"
#include "state.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXEC_FAILED 255

struct execution {
    struct container container;
    struct launch launch;
    const char *process; /* a file */
    const char *cwd;
    const char *user;
    const char *apparmor;
    const char *label;
    const char *pid_file;
    const char *console_socket;
    const char *preserve;
    struct strings args;
    struct strings env;
    struct strings capabilities;
    struct strings groups;
    bool tty;
    bool detach;
    bool no_new_privileges;
    bool ignore_paused;
    struct inherited inherited;
};

static size_t size_of(const struct strings *list)
{
    size_t size = 16;

    for (size_t i = 0; i < list->count; i++)
        size += strlen(list->items[i]) + 16;
    return size;
}

static int ask(struct execution *exec, const char *process, size_t process_size,
               struct answer *answer)
{
    const struct container *container = &exec->container;
    struct request request;
    uint32_t rows;
    uint32_t columns;

    console_size(&rows, &columns);
    if (request_begin(&request, REQUEST_EXEC,
                      container->config.size + process_size + size_of(&exec->args) +
                          size_of(&exec->env) + size_of(&exec->capabilities) +
                          size_of(&exec->groups) + 16384) < 0)
        return -1;
    wire_put_string(&request.out, container->id);
    wire_put_string(&request.out, container->bundle);
    wire_put_bytes(&request.out, container->config.data, container->config.size);
    wire_put_bytes(&request.out, process, process_size);
    request_strings(&request, &exec->args);
    request_strings(&request, &exec->env);
    request_strings(&request, &exec->capabilities);
    request_strings(&request, &exec->groups);
    wire_put_string(&request.out, exec->cwd);
    wire_put_string(&request.out, exec->user);
    wire_put_string(&request.out, exec->apparmor);
    wire_put_string(&request.out, exec->label);
    wire_put_u32(&request.out, exec->tty);
    wire_put_u32(&request.out, exec->no_new_privileges);
    wire_put_u32(&request.out, 0);
    wire_put_u32(&request.out, rows);
    wire_put_u32(&request.out, columns);
    wire_put_u32(&request.out, (uint32_t)exec->inherited.listen);
    wire_put_u32(&request.out, (uint32_t)container->place_count);
    for (int i = 0; i < container->place_count; i++) {
        wire_put_u32(&request.out, container->places[i].version);
        wire_put_u32(&request.out, container->places[i].flags);
    }
    return request_send(&request, answer);
}

static int check_running(struct execution *exec)
{
    enum status status = state_status(&exec->container);

    if (status == STATUS_STOPPED)
        return say("cannot exec in a stopped container");
    if (status == STATUS_PAUSED && !exec->ignore_paused)
        return say("cannot exec in a paused container; resume it, or use --ignore-paused");
    exec->launch.container = k_pidfd_open(exec->container.pid);
    if (exec->launch.container < 0)
        return say_errno(-exec->launch.container, "cannot reach container %s",
                         exec->container.id);
    /* now that the descriptor holds it, it is still the one that was meant */
    return state_alive(&exec->container) ? 0 : say("cannot exec in a stopped container");
}

static int launch_process(struct execution *exec, struct answer *answer)
{
    struct launch *launch = &exec->launch;
    bool terminal = wire_u32(&answer->in) & STATE_TERMINAL;
    struct wire_bytes plan;

    if (terminal && exec->detach && !exec->console_socket)
        return say("cannot give the process a terminal: nobody stays to serve it; give "
                   "--console-socket");
    if (!terminal && exec->console_socket)
        return say("cannot use --console-socket: the process has no terminal");
    if (answer_plan(&answer->in, launch, &plan) < 0 ||
        cgroup_open(&exec->container, launch->slots) < 0)
        return -1;
    launch->init.inherited = exec->inherited.count;
    launch->init.autostart = true;
    if (launch_prepare(launch, plan) < 0 || launch_fork(launch) < 0 || launch_drive(launch) < 0)
        return -1;
    if (terminal && exec->console_socket) {
        if (console_send(exec->console_socket, launch->master) < 0)
            return -1;
        close_fd_at(&launch->master);
    }
    return exec->pid_file ? file_write_pid(exec->pid_file, launch->pid) : 0;
}

static int run(struct execution *exec)
{
    cleanup_free char *process = NULL;
    struct answer answer;
    size_t size = 0;

    if (exec->process) {
        process = file_read(exec->process, &size);
        if (!process)
            return say_errno(errno, "cannot read %s", exec->process);
    }
    if (ask(exec, process ? process : "", size, &answer) < 0)
        return -1;
    if (launch_process(exec, &answer) < 0) {
        launch_kill(&exec->launch);
        return -1;
    }
    return 0;
}

int command_exec(int argc, char **argv)
{
    static struct execution exec = {.cwd = "", .user = "", .apparmor = "", .label = ""};
    const struct option options[] = {
        {"console-socket", OPTION_TEXT, &exec.console_socket},
        {"cwd", OPTION_TEXT, &exec.cwd},
        {"env,e", OPTION_LIST, &exec.env},
        {"tty,t", OPTION_FLAG, &exec.tty},
        {"user,u", OPTION_TEXT, &exec.user},
        {"additional-gids,g", OPTION_LIST, &exec.groups},
        {"process,p", OPTION_TEXT, &exec.process},
        {"detach,d", OPTION_FLAG, &exec.detach},
        {"pid-file", OPTION_TEXT, &exec.pid_file},
        {"process-label", OPTION_TEXT, &exec.label},
        {"apparmor", OPTION_TEXT, &exec.apparmor},
        {"no-new-privs", OPTION_FLAG, &exec.no_new_privileges},
        {"cap,c", OPTION_LIST, &exec.capabilities},
        {"preserve-fds", OPTION_TEXT, &exec.preserve},
        {"ignore-paused", OPTION_FLAG, &exec.ignore_paused},
        {"cgroup", OPTION_LIST, NULL},
        {"no-subreaper", OPTION_FLAG, NULL},
        {"pidfd-socket", OPTION_TEXT, NULL},
        {NULL, OPTION_FLAG, NULL},
    };
    int at = options_read(options, argc, argv);
    const char *id = options_id(argc, argv, at, 1 << 20);
    int status;

    if (!id)
        return 1;
    exec.args = (struct strings){.items = (const char **)(void *)(argv + at + 1),
                                 .count = (size_t)(argc - at - 1)};
    launch_init(&exec.launch);
    if (!exec.process && exec.args.count == 0) {
        say("exec takes a container id and a program, or --process FILE");
        return 1;
    }
    if (take_inherited(&exec.inherited, exec.preserve) < 0 || state_load(&exec.container, id) < 0)
        return 1;
    if (!exec.detach)
        foreground_begin();
    if (check_running(&exec) < 0 || run(&exec) < 0) {
        say_before("exec failed: ");
        return EXEC_FAILED;
    }
    if (exec.detach)
        return 0;
    status = foreground_wait(exec.launch.pid, exec.launch.master);
    return status < 0 ? 1 : status;
}
