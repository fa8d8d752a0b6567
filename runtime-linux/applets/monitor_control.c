/*
 * The control connection to the JVM and the socket where a restarted JVM finds the monitor again
 * (docs/spec/monitor-protocol.md, sections 4 and 5).
 */
#define _GNU_SOURCE
#include "monitor.h"

#include "lib/fd.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define STATE_BUFFER 65536u

/* whoever comes next finds everything on disk before the connection is seen to end */
static void lose_connection(struct monitor *monitor)
{
    struct watch gone = monitor->control;

    if (gone.fd < 0)
        return;
    monitor_unwatch(monitor, &monitor->control);
    monitor->control.fd = -1;
    task_be_alone(monitor);
    close_fd_at(&gone.fd);
}

/*
 * A JVM that does not read hundreds of messages is treated as gone: it sees end of file, connects
 * to monitor.sock and gets the state. So no event has to be stored here.
 */
void control_send(struct monitor *monitor, const struct wire_writer *writer, int fd)
{
    if (monitor->control.fd < 0)
        return;
    if (message_finish(monitor->control.fd, writer, &fd, fd >= 0 ? 1 : 0) < 0)
        lose_connection(monitor);
}

void control_ok(struct monitor *monitor, uint32_t request)
{
    uint8_t buffer[16];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, REPLY_OK, request);

    control_send(monitor, &writer, -1);
}

static void send_error(struct monitor *monitor, uint16_t type, uint32_t request,
                       struct op_error where, const char *text)
{
    if (monitor->control.fd >= 0 &&
        message_error(monitor->control.fd, type, request, where, text) < 0)
        lose_connection(monitor);
}

void control_error(struct monitor *monitor, uint32_t request, struct op_error where,
                   const char *text)
{
    send_error(monitor, REPLY_ERROR, request, where, text);
}

void control_warning(struct monitor *monitor, struct op_error where, const char *text)
{
    send_error(monitor, TASK_WARNING, 0, where, text);
}

static void refuse(struct monitor *monitor, uint32_t request, int err, const char *text)
{
    control_error(monitor, request, (struct op_error){PLAN_NO_OP, 0, err}, text);
}

/* OK, or an ERROR made of a negative errno */
static void answer(struct monitor *monitor, uint32_t request, int rc, const char *what)
{
    struct failure failure;

    if (rc >= 0) {
        control_ok(monitor, request);
        return;
    }
    fail(&failure, -rc, "%s", what);
    refuse(monitor, request, -rc, failure.text);
}

void control_event(struct monitor *monitor, uint16_t type)
{
    uint8_t buffer[16];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, type, 0);

    control_send(monitor, &writer, -1);
}

static void send_pid(struct process *process, uint16_t type, uint32_t request, bool with_id)
{
    uint8_t buffer[128];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, type, request);

    if (with_id)
        wire_put_string(&writer, process->id);
    wire_put_u32(&writer, (uint32_t)process->pid);
    wire_put_u64(&writer, process->start);
    control_send(process->monitor, &writer, -1);
}

void control_created(struct process *process, uint32_t request)
{
    send_pid(process, TASK_CREATED, request, false);
}

void control_started(struct process *process, uint32_t request)
{
    if (process == &process->monitor->first)
        send_pid(process, TASK_STARTED, request, false);
    else
        send_pid(process, TASK_EXEC_STARTED, request, true);
}

void control_ended(struct process *process)
{
    struct monitor *monitor = process->monitor;
    bool first = process == &monitor->first;
    uint8_t buffer[512];
    struct wire_writer writer =
        message_begin(buffer, sizeof buffer, first ? TASK_EXIT : TASK_EXEC_EXIT, 0);

    if (!first)
        wire_put_string(&writer, process->id);
    wire_put_u32(&writer, process->ending.kind);
    wire_put_u32(&writer, process->ending.value);
    wire_put_u64(&writer, process->ending.time);
    if (first)
        wire_put_u32(&writer, monitor->oom_killed ? 1 : 0);
    wire_put_string(&writer, process->ending.reason);
    control_send(monitor, &writer, -1);
}

void control_client_gone(const struct client *client, int err, const char *reason)
{
    uint8_t buffer[512];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, TASK_CLIENT_GONE, 0);

    wire_put_string(&writer, client->process->id);
    wire_put_u32(&writer, client->number);
    wire_put_u32(&writer, (uint32_t)err);
    wire_put_string(&writer, reason);
    control_send(client->process->monitor, &writer, -1);
}

static void put_ending(struct wire_writer *writer, const struct process *process)
{
    wire_put_u32(writer, process->ending.kind);
    wire_put_u32(writer, process->ending.value);
    wire_put_u64(writer, process->ending.time);
}

static void put_exec(struct wire_writer *writer, const struct process *exec)
{
    wire_put_string(writer, exec->id);
    wire_put_u32(writer, exec->state);
    wire_put_u32(writer, (uint32_t)exec->pid);
    wire_put_u64(writer, exec->start);
    put_ending(writer, exec);
    wire_put_string(writer, exec->ending.reason);
}

static bool listed(const struct process *exec)
{
    return exec->state >= PROCESS_RUNNING && !exec->discard;
}

static void send_state(struct monitor *monitor, uint32_t request)
{
    uint8_t *buffer = monitor_scratch(monitor);
    struct wire_writer writer;
    uint32_t count = 0;

    if (!buffer)
        return;
    for (struct process *exec = monitor->execs; exec; exec = exec->next)
        count += listed(exec);
    writer = message_begin(buffer, STATE_BUFFER, TASK_STATE_REPLY, request);
    wire_put_u32(&writer, monitor->first.state);
    wire_put_u32(&writer, (uint32_t)monitor->first.pid);
    wire_put_u64(&writer, monitor->first.start);
    put_ending(&writer, &monitor->first);
    wire_put_u32(&writer, (monitor->oom_killed ? 1u : 0) | (monitor->first.done ? 2u : 0));
    wire_put_string(&writer, monitor->first.ending.reason);
    wire_put_u32(&writer, count);
    for (struct process *exec = monitor->execs; exec; exec = exec->next)
        if (listed(exec))
            put_exec(&writer, exec);
    control_send(monitor, &writer, -1);
}

static void send_hello(struct monitor *monitor, uint32_t request)
{
    uint8_t buffer[64];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, TASK_HELLO_REPLY, request);

    wire_put_u32(&writer, PROTOCOL_VERSION);
    wire_put_u32(&writer, (uint32_t)getpid());
    wire_put_u64(&writer, monitor->start);
    control_send(monitor, &writer, -1);
    send_state(monitor, request);
}

/* the process a request names, in a state that has begun; NULL after an ERROR */
static struct process *named(struct monitor *monitor, const struct message *message,
                             const char *id)
{
    struct process *process = process_find(monitor, id);
    char text[128];

    if (process && !process->discard)
        return process;
    snprintf(text, sizeof text, "exec %s: not found", id);
    refuse(monitor, message->id, ENOENT, text);
    return NULL;
}

static void on_start(struct monitor *monitor, struct message *message)
{
    if (monitor->first.state != PROCESS_CREATED || !monitor->first.launch)
        refuse(monitor, message->id, EALREADY, "cannot start: the task is not in state created");
    else
        launch_start(&monitor->first, message->id);
}

static void on_kill(struct monitor *monitor, struct message *message)
{
    const char *id = wire_string(&message->args);
    int signal = (int)wire_u32(&message->args);
    uint32_t flags = wire_u32(&message->args);
    struct process *process = named(monitor, message, id);
    int rc;

    if (!process)
        return;
    /* killing pid 1 of a pid namespace ends all of it */
    if ((flags & 1) && process == &monitor->first && (monitor->kill_rest || signal != SIGKILL))
        rc = cgroup_kill_all(monitor, signal);
    else
        rc = process_signal(process, signal);
    answer(monitor, message->id, rc, "cannot signal the process");
}

static bool valid_exec_id(const char *id)
{
    size_t length = strlen(id);

    if (length == 0 || length > EXEC_ID_MAX)
        return false;
    for (; *id; id++)
        if (!isalnum((unsigned char)*id) && !strchr("_.-", *id))
            return false;
    return true;
}

/* descriptors of the message from index first on become the slots; returns their number */
static uint32_t take_slots(struct message *message, int first, int slots[PLAN_SLOTS_MAX])
{
    uint32_t count = 0;

    while (first + (int)count < message->fd_count && count < PLAN_SLOTS_MAX) {
        slots[count] = message_take(message, first + (int)count);
        count++;
    }
    return count;
}

static void begin_exec(struct monitor *monitor, struct message *message, const char *id,
                       uint32_t flags)
{
    struct process *exec = calloc(1, sizeof *exec);
    int slots[PLAN_SLOTS_MAX];
    int next = 0;
    struct launch_order order = {.request = message->id,
                                 .flags = flags,
                                 .plan = wire_bytes(&message->args),
                                 .plan_fd = -1,
                                 .slots = slots,
                                 .client = -1,
                                 .kind = PLAN_EXEC};

    if (!exec) {
        refuse(monitor, message->id, ENOMEM, "cannot exec: out of memory");
        return;
    }
    if (flags & LAUNCH_PLAN_FD)
        order.plan_fd = message_take(message, next++);
    if (flags & LAUNCH_CLIENT0)
        order.client = message_take(message, next++);
    order.slot_count = take_slots(message, next, slots);
    process_init(exec, monitor, id);
    exec->next = monitor->execs;
    monitor->execs = exec;
    launch_begin(exec, &order);
}

static void on_exec(struct monitor *monitor, struct message *message)
{
    uint32_t flags = wire_u32(&message->args);
    const char *id = wire_string(&message->args);
    uint32_t known = LAUNCH_PLAN_FD | LAUNCH_CLIENT0 | LAUNCH_STDIN | LAUNCH_STDIN_ONCE;

    if (!valid_exec_id(id) || (flags & ~known)) {
        refuse(monitor, message->id, EINVAL, "cannot exec: bad exec id or flags");
    } else if (process_find(monitor, id)) {
        refuse(monitor, message->id, EEXIST, "cannot exec: the exec id is in use");
    } else if (monitor->first.state != PROCESS_RUNNING && monitor->first.state != PROCESS_CREATED) {
        refuse(monitor, message->id, ESRCH, "cannot exec: the task does not run");
    } else {
        begin_exec(monitor, message, id, flags);
    }
}

static void on_attach(struct monitor *monitor, struct message *message)
{
    const char *id = wire_string(&message->args);
    uint32_t flags = wire_u32(&message->args);
    struct process *process = named(monitor, message, id);
    int fd;
    int rc;

    if (!process)
        return;
    if (message->fd_count < 1 || (flags & ~7u)) {
        refuse(monitor, message->id, EINVAL, "cannot attach: no socket, or unknown flags");
        return;
    }
    fd = message_take(message, 0);
    rc = client_add(process, fd, false, flags, flags & 1);
    if (rc < 0)
        close(fd);
    answer(monitor, message->id, rc, "cannot attach");
}

static void on_resize(struct monitor *monitor, struct message *message)
{
    const char *id = wire_string(&message->args);
    uint32_t rows = wire_u32(&message->args);
    uint32_t cols = wire_u32(&message->args);
    struct process *process = named(monitor, message, id);

    if (process)
        answer(monitor, message->id, stream_resize(process, rows, cols), "cannot resize");
}

static void on_close_stdin(struct monitor *monitor, struct message *message)
{
    struct process *process = named(monitor, message, wire_string(&message->args));

    if (!process)
        return;
    input_close(process);
    control_ok(monitor, message->id);
}

static void on_delete(struct monitor *monitor, struct message *message)
{
    bool force = wire_u32(&message->args) & 1;
    bool lives = monitor->first.state != PROCESS_STOPPED;

    if (lives && !force) {
        refuse(monitor, message->id, EBUSY, "cannot delete: the task has not stopped");
        return;
    }
    if (lives && monitor->kill_rest)
        cgroup_kill_all(monitor, SIGKILL);
    if (lives)
        process_kill_and_wait(&monitor->first);
    if (monitor->poststop)
        launch_run_poststop(monitor);
    /* the directory is the JVM's to remove from the answer on: nothing is written into it any more */
    monitor->record_at = 0;
    monitor->settle_at = 0;
    monitor->ending = true;
    control_ok(monitor, message->id);
}

static void on_reopen_log(struct monitor *monitor, struct message *message)
{
    answer(monitor, message->id, monitor->log ? log_reopen(monitor->log) : -ENOENT,
           "cannot reopen log");
}

static void on_root(struct monitor *monitor, struct message *message)
{
    uint8_t buffer[16];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, TASK_ROOT_FD, message->id);

    if (monitor->root < 0)
        refuse(monitor, message->id, ENOENT, "the task has no root mount");
    else
        control_send(monitor, &writer, monitor->root);
}

static void on_hello(struct monitor *monitor, struct message *message)
{
    uint32_t version = wire_u32(&message->args);

    if (version < PROTOCOL_VERSION)
        refuse(monitor, message->id, EPROTONOSUPPORT, "protocol version is not known");
    else
        send_hello(monitor, message->id);
}

static void on_state(struct monitor *monitor, struct message *message)
{
    send_state(monitor, message->id);
}

static const struct {
    const char *signature;
    void (*handle)(struct monitor *monitor, struct message *message);
} requests[] = {
    [TASK_HELLO] = {"i", on_hello},
    [TASK_START] = {"", on_start},
    [TASK_KILL] = {"sii", on_kill},
    [TASK_EXEC] = {"isb", on_exec},
    [TASK_ATTACH] = {"si", on_attach},
    [TASK_RESIZE] = {"sii", on_resize},
    [TASK_CLOSE_STDIN] = {"s", on_close_stdin},
    [TASK_STATE] = {"", on_state},
    [TASK_DELETE] = {"i", on_delete},
    [TASK_REOPEN_LOG] = {"", on_reopen_log},
    [TASK_ROOT] = {"", on_root},
};

static void dispatch(struct monitor *monitor, struct message *message)
{
    size_t left = (size_t)(message->args.end - message->args.at);

    if (message->cut) {
        refuse(monitor, message->id, EINVAL, "message is malformed");
    } else if (message->type >= sizeof requests / sizeof *requests ||
               !requests[message->type].handle) {
        refuse(monitor, message->id, ENOSYS, "message type is not known");
    } else if (!wire_matches(message->args.at, left, requests[message->type].signature)) {
        refuse(monitor, message->id, EINVAL, "message is malformed");
    } else {
        requests[message->type].handle(monitor, message);
    }
}

void control_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    struct message message;
    uint8_t *buffer = monitor_scratch(monitor);
    int rc = buffer ? message_receive(watch->fd, buffer, &message) : -ENOMEM;

    (void)events;
    if (rc == -EAGAIN)
        return;
    if (rc <= 0) {
        lose_connection(monitor);
        return;
    }
    dispatch(monitor, &message);
    message_close(&message);
}

/* a JVM that connected: its first message has to be HELLO, then it is the control connection */
static void adopting_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    struct message message;
    uint8_t *buffer = monitor_scratch(monitor);
    int rc = buffer ? message_receive(watch->fd, buffer, &message) : -ENOMEM;

    (void)events;
    if (rc == -EAGAIN)
        return;
    if (rc <= 0 || message.cut || message.type != TASK_HELLO) {
        if (rc > 0)
            message_close(&message);
        monitor_close(monitor, watch);
        return;
    }
    monitor_unwatch(monitor, watch);
    lose_connection(monitor);
    monitor->control = (struct watch){.fd = steal_fd(&watch->fd), .ready = control_ready};
    message_prepare_socket(monitor->control.fd);
    monitor_watch(monitor, &monitor->control, EPOLLIN);
    dispatch(monitor, &message);
    message_close(&message);
}

static void listener_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    cleanup_fd int fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    (void)events;
    if (fd < 0 || !message_peer_trusted(fd))
        return;
    for (int i = 0; i < ADOPTING_MAX; i++) {
        if (monitor->adopting[i].fd >= 0)
            continue;
        monitor->adopting[i] = (struct watch){.fd = steal_fd(&fd), .ready = adopting_ready};
        monitor_watch(monitor, &monitor->adopting[i], EPOLLIN);
        return;
    }
}

/* bound through the descriptor of the task directory: no length limit of its path; 0 or -errno */
int control_listen(struct monitor *monitor)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    cleanup_fd int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/monitor.sock",
             monitor->task_dir);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(fd, ADOPTING_MAX) < 0)
        return -errno;
    monitor->listener = (struct watch){.fd = steal_fd(&fd), .ready = listener_ready};
    monitor_watch(monitor, &monitor->listener, EPOLLIN);
    return 0;
}
