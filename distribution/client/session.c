#include "session.h"

#include "connection.h"
#include "detach.h"
#include "files.h"
#include "output.h"
#include "signals.h"
#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STATUS_LOST 125
#define STATUS_UNKNOWN 255
#define RUNNING -1 /* no status yet */

enum stream_flag { STREAM_TERMINAL = 1, STREAM_STDIN = 2, STREAM_PROXY = 4, STREAM_RUNNING = 8 };

/* output of one connection that waits for its reader; nothing more is read from it until then */
struct pending {
    struct output *output;
    const uint8_t *data;
    size_t size;
};

struct session {
    struct connection daemon;
    struct connection container;
    struct pending from_daemon;
    struct pending from_container;
    struct output out;
    struct output err;
    struct detach detach;
    char **arguments;
    uint32_t streams; /* flags of STREAMS */
    bool has_streams;
    bool attached;
    bool stdin_ended;
    int signals; /* signalfd */
    int asked;   /* signal that was sent to the daemon, 0 for none */
    int daemon_status;
    int container_status;
    int final; /* ends the session at once */
};

static void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void complain(const char *format, ...)
{
    va_list arguments;

    terminal_restore();
    fputs("felucca: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

static void finish(struct session *session, int status)
{
    if (session->final == RUNNING)
        session->final = status;
}

static void send_signal(struct connection *connection, int signal)
{
    uint8_t payload[4];

    put_u32(payload, (uint32_t)signal);
    connection_queue(connection, FRAME_SIGNAL, payload, sizeof(payload));
}

static void send_window(struct connection *connection)
{
    uint16_t rows, columns;
    uint8_t payload[4];

    terminal_size(&rows, &columns);
    put_u16(payload, rows);
    put_u16(payload + 2, columns);
    connection_queue(connection, FRAME_WINDOW, payload, sizeof(payload));
}

/* The process runs. A signal that the daemon was too late to act upon is the process's now. */
static void attach(struct session *session)
{
    if (session->attached)
        return;
    session->attached = true;
    if (session->streams & STREAM_TERMINAL) {
        int result = isatty(STDIN_FILENO) ? terminal_raw(STDIN_FILENO) : 0;

        if (result < 0)
            complain("cannot set the terminal to raw mode: %s", strerror(-result));
        send_window(&session->container);
    }
    if (session->asked != 0 && (session->streams & STREAM_PROXY))
        send_signal(&session->container, session->asked);
}

static void handle_signal(struct session *session, int signal)
{
    if (signal == SIGWINCH) {
        send_window(session->attached ? &session->container : &session->daemon);
    } else if (session->attached && (session->streams & STREAM_PROXY)) {
        send_signal(&session->container, signal);
    } else if (session->attached) {
        connection_queue(&session->container, FRAME_DETACH, NULL, 0);
        finish(session, 128 + signal);
    } else if (session->asked != 0 && (signal == SIGINT || signal == SIGTERM)) {
        finish(session, 128 + signal);
    } else {
        session->asked = signal;
        send_signal(&session->daemon, signal);
    }
}

static void read_signals(struct session *session)
{
    int signal;

    while ((signal = signals_next(session->signals)) > 0)
        handle_signal(session, signal);
}

static int exit_status(const struct frame *frame)
{
    uint32_t value;

    if (frame->size < 8)
        return STATUS_UNKNOWN;
    value = get_u32(frame->payload + 4);
    switch (get_u32(frame->payload)) {
    case 0:
        return (int)(value & 0xff);
    case 1:
        return (int)((128 + value) & 0xff);
    default:
        complain("the end of the process is not known: %.*s", (int)(frame->size - 8),
                 (const char *)frame->payload + 8);
        return STATUS_UNKNOWN;
    }
}

static void add_credit(struct session *session, struct connection *connection,
                       const struct frame *frame)
{
    uint32_t more = frame->size == 4 ? get_u32(frame->payload) : 0;

    if (more == 0 || more > UINT32_MAX - connection->credit) {
        complain("the other side sent a malformed CREDIT");
        finish(session, STATUS_LOST);
        return;
    }
    connection->credit += more;
}

static void pass_file(struct session *session, const struct frame *frame)
{
    uint8_t payload[8] = {0};
    int fd;

    if (frame->size < 4) {
        complain("the daemon asked for a file without a name");
        finish(session, STATUS_LOST);
        return;
    }
    memcpy(payload, frame->payload, 4);
    fd = frame->type == FRAME_OPEN_FILE
             ? files_open((const char *)frame->payload + 4, frame->size - 4, session->arguments)
             : files_create((const char *)frame->payload + 4, frame->size - 4, session->arguments);
    if (fd >= 0) {
        if (!connection_queue_fd(&session->daemon, FRAME_FILE, payload, sizeof(payload), fd))
            close(fd);
        return;
    }
    put_u32(payload + 4, (uint32_t)-fd);
    connection_queue(&session->daemon, FRAME_FILE, payload, sizeof(payload));
}

static void set_streams(struct session *session, const struct frame *frame)
{
    if (frame->size < 4 || frame->size - 4 > DETACH_KEYS_MAX) {
        complain("the daemon sent a malformed STREAMS");
        finish(session, STATUS_LOST);
        return;
    }
    session->streams = get_u32(frame->payload);
    session->has_streams = true;
    session->detach.count = frame->size - 4;
    memcpy(session->detach.keys, frame->payload + 4, session->detach.count);
    if (session->streams & STREAM_RUNNING)
        attach(session);
}

static void set_echo(struct session *session, const struct frame *frame)
{
    int result;

    if (frame->size != 4) {
        complain("the daemon sent a malformed ECHO");
        finish(session, STATUS_LOST);
        return;
    }
    if (get_u32(frame->payload) != 0) {
        terminal_restore();
        return;
    }
    result = terminal_hide(STDIN_FILENO);
    if (result < 0) {
        complain("cannot hide what is typed: %s", strerror(-result));
        finish(session, STATUS_LOST);
    }
}

static struct pending output_of(struct session *session, const struct frame *frame)
{
    return (struct pending){
        .output = frame->type == FRAME_STDERR ? &session->err : &session->out,
        .data = frame->payload,
        .size = frame->size,
    };
}

static void daemon_frame(struct session *session, const struct frame *frame)
{
    switch (frame->type) {
    case FRAME_STDOUT:
    case FRAME_STDERR:
        session->from_daemon = output_of(session, frame);
        break;
    case FRAME_CREDIT:
        add_credit(session, &session->daemon, frame);
        break;
    case FRAME_EXIT:
        session->daemon_status = exit_status(frame);
        break;
    case FRAME_ERROR:
        complain("%.*s", (int)frame->size, (const char *)frame->payload);
        finish(session, STATUS_LOST);
        break;
    case FRAME_STREAMS:
        set_streams(session, frame);
        break;
    case FRAME_OPEN_FILE:
    case FRAME_CREATE_FILE:
        pass_file(session, frame);
        break;
    case FRAME_ECHO:
        set_echo(session, frame);
        break;
    default:
        complain("the daemon sent a frame of type %u, which this client does not know; "
                 "use the client of the daemon's version",
                 frame->type);
        finish(session, STATUS_LOST);
    }
}

static void container_frame(struct session *session, const struct frame *frame)
{
    switch (frame->type) {
    case FRAME_STDOUT:
    case FRAME_STDERR:
        attach(session);
        session->from_container = output_of(session, frame);
        break;
    case FRAME_CREDIT:
        add_credit(session, &session->container, frame);
        break;
    case FRAME_STARTED:
        attach(session);
        break;
    case FRAME_EXIT:
        session->container_status = exit_status(frame);
        break;
    case FRAME_ERROR:
        complain("%.*s", (int)frame->size, (const char *)frame->payload);
        finish(session, STATUS_LOST);
        break;
    default:
        complain("the container's monitor sent a frame of type %u, which this client does not know",
                 frame->type);
        finish(session, STATUS_LOST);
    }
}

/* takes frames until one has output that waits, or until a passed file has to be sent first */
static void take_frames(struct session *session, struct connection *connection,
                        struct pending *pending)
{
    struct frame frame;
    int result = 0;

    while (session->final == RUNNING && pending->size == 0 && connection->passed < 0 &&
           (result = frame_next(&connection->in, &frame)) > 0) {
        if (connection == &session->daemon)
            daemon_frame(session, &frame);
        else
            container_frame(session, &frame);
    }
    if (result < 0) {
        complain("the other side does not speak the command protocol; is the address right?");
        finish(session, STATUS_LOST);
    }
}

static void write_pending(struct session *session, struct pending *pending)
{
    ssize_t written;

    if (pending->size == 0)
        return;
    written = output_write(pending->output, pending->data, pending->size);
    if (written >= 0) {
        pending->data += written;
        pending->size -= (size_t)written;
    } else if (written == -EPIPE) {
        /* the reader has gone: end as other programs do */
        terminal_restore();
        files_discard();
        signals_die(SIGPIPE);
    } else if (written != -EAGAIN) {
        complain("cannot write output: %s", strerror((int)-written));
        finish(session, STATUS_LOST);
    }
}

/* takes what arrived as far as its output goes; a whole frame stays behind for that reason only */
static void drain(struct session *session, struct connection *connection, struct pending *pending)
{
    write_pending(session, pending);
    while (session->final == RUNNING && pending->size == 0) {
        take_frames(session, connection, pending);
        if (pending->size == 0)
            break;
        write_pending(session, pending);
    }
}

static void serve(struct session *session, struct connection *connection, struct pending *pending,
                  short ready)
{
    if (connection->fd >= 0 && (ready & POLLOUT || connection_has_output(connection))) {
        int result = connection_flush(connection);

        if (result < 0 && result != -EPIPE && result != -ECONNRESET) {
            complain("cannot send: %s", strerror(-result));
            finish(session, STATUS_LOST);
        }
    }
    drain(session, connection, pending);
    if (ready & (POLLIN | POLLHUP | POLLERR) && pending->size == 0 && connection->fd >= 0) {
        int count = connection_fill(connection);

        if (count == 0 || (count < 0 && count != -EAGAIN))
            connection_close(connection);
    }
    drain(session, connection, pending);
}

/* the connection that takes standard input now, or NULL */
static struct connection *input_target(struct session *session)
{
    struct connection *target = NULL;

    if (session->daemon.credit > 0)
        target = &session->daemon;
    else if (session->container.credit > 0 && session->attached &&
             (session->streams & STREAM_STDIN))
        target = &session->container;
    if (target == NULL || target->eof_sent || connection_has_output(target))
        return NULL;
    return target;
}

static void end_input(struct session *session, struct connection *target)
{
    session->stdin_ended = true;
    target->eof_sent = connection_queue(target, FRAME_STDIN_EOF, NULL, 0);
}

static void read_input(struct session *session, struct connection *target)
{
    uint8_t typed[FRAME_PAYLOAD], filtered[FRAME_PAYLOAD + DETACH_KEYS_MAX];
    bool detached = false;
    const uint8_t *data = typed;
    size_t most = target->credit < sizeof(typed) ? target->credit : sizeof(typed);
    ssize_t count;

    /* what the filter holds back needs credit when it is let go */
    if (most > session->detach.held)
        most -= session->detach.held;
    count = read(STDIN_FILENO, typed, most);
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (count <= 0) { /* EIO: the terminal is gone */
        end_input(session, target);
        return;
    }
    if (target == &session->container && session->streams & STREAM_TERMINAL) {
        count = (ssize_t)detach_filter(&session->detach, typed, (size_t)count, filtered, &detached);
        data = filtered;
    }
    if (count > 0) {
        target->credit -= (uint32_t)count;
        connection_queue(target, FRAME_STDIN, data, (size_t)count);
    }
    if (detached) {
        connection_queue(target, FRAME_DETACH, NULL, 0);
        /* the cursor stands behind the container's prompt; the terminal is raw */
        fputs("\r\n", stderr);
        finish(session, 0);
    }
}

/* the status once nothing more is to come, else RUNNING */
static int outcome(const struct session *session)
{
    bool daemon_over = session->daemon_status != RUNNING || session->daemon.fd < 0;
    bool container_over = session->container_status != RUNNING || session->container.fd < 0;

    if (session->final != RUNNING)
        return session->final;
    if (session->from_daemon.size > 0 || session->from_container.size > 0)
        return RUNNING;
    if (!daemon_over || (session->has_streams && !container_over))
        return RUNNING;
    if (session->container_status != RUNNING)
        return session->container_status;
    if (session->daemon_status != RUNNING)
        return session->daemon_status;
    complain("lost the daemon before the command ended; see its log");
    return STATUS_LOST;
}

static short wanted(const struct connection *connection, const struct pending *pending)
{
    short events = 0;

    if (pending->size == 0 && connection->passed < 0)
        events |= POLLIN;
    if (connection_has_output(connection))
        events |= POLLOUT;
    return events;
}

enum slot { SIGNALS, DAEMON, CONTAINER, INPUT, FROM_DAEMON, FROM_CONTAINER, SLOTS };

static void prepare_poll(struct session *session, struct pollfd *polled)
{
    struct connection *target = input_target(session);
    struct pending *waiting[] = {&session->from_daemon, &session->from_container};

    /* input that ended while the daemon read it has ended for the container, too */
    if (target != NULL && session->stdin_ended) {
        end_input(session, target);
        target = NULL;
    }
    polled[SIGNALS] = (struct pollfd){.fd = session->signals, .events = POLLIN};
    polled[DAEMON] = (struct pollfd){.fd = session->daemon.fd,
                                     .events = wanted(&session->daemon, &session->from_daemon)};
    polled[CONTAINER] =
        (struct pollfd){.fd = session->container.fd,
                        .events = wanted(&session->container, &session->from_container)};
    polled[INPUT] = (struct pollfd){.fd = target != NULL ? STDIN_FILENO : -1, .events = POLLIN};
    for (int i = 0; i < 2; i++) {
        polled[FROM_DAEMON + i] = (struct pollfd){
            .fd = waiting[i]->size > 0 ? waiting[i]->output->fd : -1, .events = POLLOUT};
        /* a hang-up is reported even when unasked: do not spin while output waits */
        if (waiting[i]->size > 0 && polled[DAEMON + i].events == 0)
            polled[DAEMON + i].fd = -1;
    }
}

static int loop(struct session *session)
{
    struct pollfd polled[SLOTS];
    int status;

    while ((status = outcome(session)) == RUNNING) {
        struct connection *target = input_target(session);

        prepare_poll(session, polled);
        if (poll(polled, SLOTS, -1) < 0) {
            if (errno == EINTR)
                continue;
            complain("cannot wait: %s", strerror(errno));
            return STATUS_LOST;
        }
        if (polled[SIGNALS].revents & POLLIN)
            read_signals(session);
        if (polled[INPUT].revents != 0 && target != NULL)
            read_input(session, target);
        serve(session, &session->daemon, &session->from_daemon, polled[DAEMON].revents);
        serve(session, &session->container, &session->from_container, polled[CONTAINER].revents);
    }
    return status;
}

/* gives files their names after success, else takes them away; the status to end with */
static int end_files(int status)
{
    const char *path = NULL;
    int result = status == 0 ? files_keep(&path) : 0;

    if (result < 0) {
        complain("cannot write %s: %s", path, strerror(-result));
        status = 1;
    }
    files_discard();
    return status;
}

int session_run(int daemon_fd, int container_fd, char **arguments)
{
    static struct session session; /* its buffers are too large for the stack */
    int status;

    session.arguments = arguments;
    session.daemon_status = session.container_status = session.final = RUNNING;
    connection_open(&session.daemon, daemon_fd);
    connection_open(&session.container, container_fd);
    output_open(&session.out, STDOUT_FILENO);
    output_open(&session.err, STDERR_FILENO);
    session.signals = signals_open();
    if (session.signals < 0) {
        complain("cannot take signals: %s", strerror(errno));
        return STATUS_LOST;
    }
    status = loop(&session);
    /* DETACH and last signals; the other side reads, or is gone */
    connection_flush(&session.container);
    terminal_restore();
    return end_files(status);
}
