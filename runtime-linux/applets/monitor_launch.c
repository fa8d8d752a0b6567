/*
 * Launching: the monitor's half of a plan. Host operations run before the clone; after it the
 * monitor works off its own operations up to each barrier while init works off the others, so that
 * entering v1 cgroups and writing the task file cost no time of their own.
 *
 * Nothing here waits for init: its frames are events of the loop. An exec into a frozen cgroup
 * therefore blocks nobody else.
 */
#define _GNU_SOURCE
#include "monitor_launch.h"

#include "birth.h"
#include "hook.h"
#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/sync.h"
#include "listener.h"
#include "netdev.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* remembers the first failure; later ones follow from it */
void launch_set_failed(struct launch *launch, uint32_t op, int err, const char *text)
{
    if (launch->failed)
        return;
    launch->failed = true;
    launch->where.op = op;
    launch->where.code = op < launch->plan.count ? launch->plan.ops[op].code : 0;
    launch->where.err = err;
    if (text != launch->failure.text)
        snprintf(launch->failure.text, sizeof launch->failure.text, "%s", text);
}

void launch_warn(struct launch *launch, uint32_t op, int err, const char *text)
{
    struct op_error where = {.op = op, .err = err};

    where.code = op < launch->plan.count ? launch->plan.ops[op].code : 0;
    control_warning(launch->process->monitor, where, text);
}

static void close_slots(struct launch *launch)
{
    for (uint32_t i = 0; i < PLAN_SLOTS_MAX; i++)
        close_fd_at(&launch->slots[i]);
}

static void launch_free(struct launch *launch)
{
    struct monitor *monitor = launch->process->monitor;

    launch->process->launch = NULL;
    monitor_close(monitor, &launch->sync);
    monitor_close(monitor, &launch->helper);
    monitor_close(monitor, &launch->console);
    close_slots(launch);
    close_fd_at(&launch->client);
    free(launch->init.argv);
    free(launch->init.env);
    plan_free(&launch->plan);
    if (launch->bytes)
        munmap(launch->bytes, launch->size);
    /* the round of events under way may still hold a pointer to its watches */
    launch->buried = monitor->launch_graveyard;
    monitor->launch_graveyard = launch;
}

void launch_free_buried(struct monitor *monitor)
{
    while (monitor->launch_graveyard) {
        struct launch *launch = monitor->launch_graveyard;

        monitor->launch_graveyard = launch->buried;
        free(launch);
    }
}

/* set-up has failed on this side: init is ended, the answer is given when it is reaped */
void launch_abandon(struct launch *launch, uint32_t op, int err, const char *text)
{
    launch_set_failed(launch, op, err, text);
    process_signal(launch->process, SIGKILL);
    if (launch->helper.fd >= 0)
        k_pidfd_send_signal(launch->helper.fd, SIGKILL);
}

/* the monitor's own operations from the cursor to the next barrier */
static void work_to_barrier(struct launch *launch)
{
    for (; launch->cursor < launch->plan.exec; launch->cursor++) {
        const struct plan_op *op = &launch->plan.ops[launch->cursor];
        int rc = 0;

        if (op->code == OP_SYNC || op->code == OP_PARK)
            return;
        if (op->code == OP_ID_MAP)
            rc = birth_id_map(op, launch->process->pid, &launch->failure);
        else if (op->code == OP_NET_DEVICE)
            rc = netdev_move(op, launch->process->pid, &launch->failure);
        else if (op->code == OP_HOOK && plan_hook_stage(op) <= HOOK_CREATE_RUNTIME)
            rc = hook_run(op, launch->process->pid, &launch->failure);
        if (rc < 0 && (op->flags & OP_OPTIONAL))
            launch_warn(launch, launch->cursor, -rc, launch->failure.text);
        else if (rc < 0) {
            launch_abandon(launch, launch->cursor, -rc, launch->failure.text);
            return;
        }
    }
}

/* what the container keeps open of its plan's descriptors */
void launch_keep_slots(struct launch *launch)
{
    struct monitor *monitor = launch->process->monitor;
    if (launch->plan.root < launch->plan.count) {
        const struct plan_op *root = &launch->plan.ops[launch->plan.root];

        monitor->root = launch->slots[wire_u32_at(root->args)];
    }
    monitor->kill_rest = launch->plan.flags & PLAN_KILL_REST;
    for (int i = 0; i < launch->cgroup_count; i++)
        monitor->cgroups[i] = launch->cgroups[i];
    monitor->cgroup_count = launch->cgroup_count;
}

/* what has to be on disk before CREATED or STARTED; init works meanwhile */
void launch_record_task(struct launch *launch)
{
    struct monitor *monitor = launch->process->monitor;
    char path[40];
    int rc;

    monitor->start = task_start_time(getpid());
    rc = task_write(monitor);
    if (rc < 0) {
        rc = fail(&launch->failure, -rc, "cannot write task file");
        launch_abandon(launch, PLAN_NO_OP, -rc, launch->failure.text);
        return;
    }
    /* unmounting all that the container had waits for RCU: not before its end is told */
    snprintf(path, sizeof path, "/proc/%d/ns/mnt", launch->process->pid);
    monitor->mount_namespace = open(path, O_RDONLY | O_CLOEXEC);
}

uint64_t launch_settle_time(void)
{
    return clock_ms() + SETTLE_MS;
}

/* init's pid is known: what concerns it from outside */
static void begin_host_side(struct launch *launch)
{
    int rc = 0;

    if (!birth_needs_helper(&launch->plan))
        rc = launch_enter_cgroups(launch, launch->process->pid, &launch->failure);
    if (rc < 0) {
        launch_abandon(launch, launch->plan.fork, -rc, launch->failure.text);
        return;
    }
    launch->cursor = launch->plan.fork + 1;
    if (launch->plan.kind == PLAN_CONTAINER)
        work_to_barrier(launch);
    if (launch_is_first(launch) && !launch->failed)
        launch_record_task(launch);
}

static void send_go(struct launch *launch)
{
    struct sync_frame frame = {.version = SYNC_VERSION, .type = SYNC_GO};

    frame.value = launch->process->pid;
    /* a failure means that init is gone: its end is an event of its own */
    sync_send(launch->sync.fd, &frame, -1);
}

static void arrived(struct launch *launch, uint32_t op)
{
    struct process *process = launch->process;

    if (launch->failed)
        return;
    if (op != launch->cursor || op >= launch->plan.exec) {
        launch_abandon(launch, op, EPROTO, "init arrived at another barrier than the monitor");
        return;
    }
    if (launch->plan.ops[op].code == OP_PARK && !launch->autostart) {
        launch->parked = true;
        process->state = PROCESS_CREATED;
        process->monitor->settle_at = clock_ms() + SETTLE_MS;
        control_created(process, launch->request);
        return;
    }
    send_go(launch);
    launch->cursor++;
    work_to_barrier(launch);
}

void launch_start(struct process *process, uint32_t request)
{
    struct launch *launch = process->launch;

    if (launch->plan.kind == PLAN_RUNTIME) {
        runtime_start(process, request);
        return;
    }
    launch->request = request;
    launch->parked = false;
    send_go(launch);
    launch->cursor++;
    work_to_barrier(launch);
}

static int oom_score_adj_op(struct launch *launch, uint32_t index, const struct plan_op *op)
{
    int rc = birth_oom_score_adj(op, launch->process->pid, &launch->failure);

    if (rc > 0)
        launch_warn(launch, index, EACCES, launch->failure.text);
    return rc < 0 ? rc : 0;
}

/* pipes are the host's: root of a user namespace cannot give them to the program's user */
static int own_streams_op(struct launch *launch, const struct plan_op *op)
{
    struct process *process = launch->process;
    int fds[3] = {process->in.watch.fd, process->out[0].watch.fd, process->out[1].watch.fd};
    uint32_t uid = 0;
    int rc = birth_host_uid(process->pid, wire_u32_at(op->args), &uid);

    for (int i = 0; i < 3 && rc == 0; i++)
        if (fds[i] >= 0 && fchown(fds[i], uid, (gid_t)-1) < 0)
            rc = -errno;
    return rc < 0 ? fail(&launch->failure, -rc, "cannot give streams to the user") : 0;
}

/* the host's part of an operation of init's */
static void asked(struct launch *launch, uint32_t index)
{
    struct sync_frame frame = {.version = SYNC_VERSION, .type = SYNC_GO};
    const struct plan_op *op = &launch->plan.ops[index < launch->plan.count ? index : 0];
    int rc;

    if (op->code == OP_OOM_SCORE_ADJ) {
        rc = oom_score_adj_op(launch, index, op);
    } else if (op->code == OP_CREDENTIALS) {
        rc = own_streams_op(launch, op);
    } else {
        launch_abandon(launch, index, EPROTO, "init asked for an operation of its own");
        return;
    }
    frame.value = launch->process->pid;
    if (rc < 0) {
        frame.type = SYNC_ERROR;
        frame.value = -rc;
        memcpy(frame.text, launch->failure.text, sizeof frame.text);
    }
    sync_send(launch->sync.fd, &frame, -1);
}

static void listener_made(struct launch *launch, uint32_t op, int fd)
{
    int rc;

    if (launch->failed)
        return;
    if (op == 0 || op >= launch->plan.count ||
        launch->plan.ops[op - 1].code != OP_SECCOMP_LISTENER) {
        launch_abandon(launch, op, EPROTO, "init sent a listener that the plan has not");
        return;
    }
    rc = listener_send(&launch->plan, op, launch->process->exit.fd, launch->process->pid, fd,
                       &launch->failure);
    if (rc < 0)
        launch_abandon(launch, op - 1, -rc, launch->failure.text);
    else
        send_go(launch);
}

static void child_made(struct launch *launch, pid_t pid)
{
    int pidfd = k_pidfd_open(pid);

    if (pidfd < 0) {
        kill(pid, SIGKILL);
        launch_abandon(launch, launch->plan.fork, -pidfd, "cannot watch the process");
        return;
    }
    process_adopt_pid(launch->process, pid, pidfd);
    begin_host_side(launch);
}

static void take_frame(struct launch *launch, struct sync_frame *frame, int *fd)
{
    switch (frame->type) {
    case SYNC_ARRIVED:
        arrived(launch, frame->op);
        return;
    case SYNC_ASK:
        asked(launch, frame->op);
        return;
    case SYNC_CONSOLE:
        if (*fd >= 0)
            stream_console(launch->process, steal_fd(fd));
        return;
    case SYNC_WARNING:
        launch_warn(launch, frame->op, frame->value, frame->text);
        return;
    case SYNC_CHILD:
        child_made(launch, frame->value);
        return;
    case SYNC_EXECING:
        launch->execing = true;
        return;
    case SYNC_LISTENER:
        listener_made(launch, frame->op, frame->value);
        return;
    default:
        launch_abandon(launch, frame->op, frame->value, frame->text);
        return;
    }
}

/* a failure has the container stopped: runtime-spec, lifecycle, step 9 */
static void run_poststart(struct launch *launch)
{
    for (uint32_t i = launch->plan.exec + 1; i < launch->plan.count; i++) {
        const struct plan_op *op = &launch->plan.ops[i];

        int rc = plan_hook_stage(op) == HOOK_POSTSTART
                     ? hook_run(op, launch->process->pid, &launch->failure)
                     : 0;

        if (rc < 0) {
            launch_abandon(launch, i, -rc, launch->failure.text);
            return;
        }
    }
}

static bool has_poststop(const struct plan *plan)
{
    for (uint32_t i = plan->exec + 1; i < plan->count; i++)
        if (plan_hook_stage(&plan->ops[i]) == HOOK_POSTSTOP)
            return true;
    return false;
}

/* the poststop hooks of a launch that was kept for them */
void launch_run_poststop(struct monitor *monitor)
{
    struct launch *launch = monitor->poststop;

    monitor->poststop = NULL;
    for (uint32_t i = launch->plan.exec + 1; i < launch->plan.count; i++) {
        const struct plan_op *op = &launch->plan.ops[i];

        if (plan_hook_stage(op) == HOOK_POSTSTOP &&
            hook_run(op, monitor->first.pid, &launch->failure) < 0)
            launch_warn(launch, i, ECANCELED, launch->failure.text);
    }
}

/* slots that the monitor goes on using are not the launch's any more */
static void release_kept(struct launch *launch)
{
    struct monitor *monitor = launch->process->monitor;

    for (uint32_t i = 0; i < PLAN_SLOTS_MAX; i++) {
        if (launch->slots[i] == monitor->root)
            launch->slots[i] = -1;
        for (int c = 0; c < monitor->cgroup_count; c++)
            if (launch->slots[i] == monitor->cgroups[c].fd)
                launch->slots[i] = -1;
    }
}

static void keep_for_poststop(struct launch *launch)
{
    struct monitor *monitor = launch->process->monitor;

    monitor_close(monitor, &launch->sync);
    monitor_close(monitor, &launch->helper);
    close_slots(launch);
    monitor->poststop = launch;
    launch->process->launch = NULL;
}

/* false: a poststart hook has failed, the answer is given when the process is reaped */
bool launch_succeeded(struct launch *launch)
{
    struct process *process = launch->process;
    uint32_t request = launch->request;

    if (launch_is_first(launch)) {
        release_kept(launch);
        run_poststart(launch);
    }
    if (launch->failed)
        return false;
    if (launch_is_first(launch) && has_poststop(&launch->plan))
        keep_for_poststop(launch);
    else
        launch_free(launch);
    process_started(process);
    control_started(process, request);
    return true;
}

/* reads all frames that are there */
void launch_drain(struct process *process)
{
    struct launch *launch = process->launch;

    while (process->launch == launch && launch->sync.fd >= 0) {
        struct sync_frame frame;
        cleanup_fd int fd = -1;
        int rc = sync_receive(launch->sync.fd, &frame, &fd);

        if (rc == -EAGAIN)
            return;
        if (rc == 0) {
            take_frame(launch, &frame, &fd);
            continue;
        }
        monitor_close(process->monitor, &launch->sync);
        if (rc != -EPIPE)
            launch_abandon(launch, PLAN_NO_OP, -rc, "bad frame from init");
        if (launch->execing && !launch->failed)
            launch_succeeded(launch);
    }
}

void launch_sync_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    (void)monitor;
    (void)events;
    launch_drain(OWNER(watch, struct launch, sync)->process);
}

/* what hooks before the failure made is undone by those of poststop */
static bool hooks_began(const struct launch *launch)
{
    for (uint32_t i = 0; i < launch->plan.count && i <= launch->where.op; i++)
        if (launch->plan.ops[i].code == OP_HOOK &&
            plan_hook_stage(&launch->plan.ops[i]) != HOOK_POSTSTOP)
            return true;
    return false;
}

/* the answer to a launch that failed, when nothing of it runs any more */
void launch_answer_failure(struct launch *launch)
{
    struct process *process = launch->process;
    struct monitor *monitor = process->monitor;
    struct failure failure = launch->failure;
    bool poststop = launch_is_first(launch) && has_poststop(&launch->plan) &&
                    (process->state != PROCESS_LAUNCHING || hooks_began(launch));

    if (launch_is_first(launch))
        release_kept(launch);
    if (poststop)
        keep_for_poststop(launch);
    if (poststop && process->state == PROCESS_LAUNCHING)
        launch_run_poststop(monitor);
    control_error(monitor, launch->request, launch->where, failure.text);
    if (launch_is_first(launch) && process->state == PROCESS_LAUNCHING) {
        task_forget(monitor);
        _exit(1);
    }
    if (launch_is_first(launch)) {
        if (!poststop)
            launch_free(launch);
        process_end_unknown(process, failure.text);
        return;
    }
    launch_free(launch);
    client_drop_all(process);
    process->discard = true;
}

static void describe_death(struct launch *launch)
{
    const struct ending *ending = &launch->process->ending;
    char text[96];

    snprintf(text, sizeof text, "init ended during set-up: %s %u",
             ending->kind == END_EXITED ? "exit status" : "signal", ending->value);
    launch_set_failed(launch, PLAN_NO_OP, ECHILD, text);
}

/* reaped before execve had succeeded */
void launch_ended(struct process *process)
{
    struct launch *launch = process->launch;

    if (runtime_ended(process))
        return;
    if (launch->parked && !launch->failed) { /* killed while CREATED: that is an end, no error */
        release_kept(launch);
        if (has_poststop(&launch->plan))
            keep_for_poststop(launch);
        else
            launch_free(launch);
        process_ended(process);
        return;
    }
    if (launch->execing && !launch->failed) {
        /* execve succeeded, or its ERROR had been read; only the helper still holds the channel */
        if (launch_succeeded(launch))
            process_ended(process);
        else
            launch_answer_failure(launch);
        return;
    }
    describe_death(launch);
    launch_answer_failure(launch);
}

/* the helper has made init, or failed before it could */
void launch_helper_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    struct launch *launch = OWNER(watch, struct launch, helper);
    siginfo_t info = {.si_pid = 0};

    (void)events;
    if (waitid(K_P_PIDFD, (id_t)watch->fd, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
        return;
    monitor_close(monitor, watch);
    launch_drain(launch->process);
    if (launch->process->launch != launch || launch->process->pid > 0)
        return;
    launch->process->ending.kind = info.si_code == CLD_EXITED ? END_EXITED : END_SIGNALED;
    launch->process->ending.value = (uint32_t)info.si_status;
    describe_death(launch);
    launch_answer_failure(launch);
}

static struct launch *make_launch(struct process *process, const struct launch_order *order)
{
    struct launch *launch = calloc(1, sizeof *launch);

    if (!launch)
        return NULL;
    launch->process = process;
    launch->request = order->request;
    launch->autostart = (order->flags & LAUNCH_AUTOSTART) || order->kind == PLAN_EXEC;
    launch->sync.fd = launch->helper.fd = launch->console.fd = launch->init_sync = -1;
    for (int i = 0; i < 3; i++)
        launch->init.stdio[i] = -1;
    launch->client = order->client;
    launch->where.op = PLAN_NO_OP;
    for (uint32_t i = 0; i < PLAN_SLOTS_MAX; i++)
        launch->slots[i] = i < order->slot_count ? order->slots[i] : -1;
    process->launch = launch;
    return launch;
}

void launch_begin(struct process *process, const struct launch_order *order)
{
    struct launch *launch = make_launch(process, order);
    int plan_fd = order->plan_fd;
    int rc;

    if (!launch)
        monitor_leave(process->monitor);
    rc = launch_read_plan(launch, order);
    close_fd_at(&plan_fd);
    if (rc == 0)
        rc = launch_run_host_ops(launch);
    if (rc == 0 && launch->plan.kind == PLAN_RUNTIME) {
        rc = runtime_begin(launch, order);
        if (rc == 0)
            return;
    }
    if (rc == 0)
        rc = launch_prepare(launch, order);
    if (rc == 0)
        rc = launch_fork(launch);
    if (rc < 0) {
        if (!launch->where.err)
            launch_set_failed(launch, PLAN_NO_OP, -rc, launch->failure.text);
        close_fd_at(&launch->init_sync);
        for (int i = 0; i < 3; i++)
            close_fd_at(&launch->init.stdio[i]);
        launch_answer_failure(launch);
        return;
    }
    if (launch_is_first(launch))
        launch_keep_slots(launch);
    if (process->pid > 0)
        begin_host_side(launch);
}
