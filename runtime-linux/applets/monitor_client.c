/*
 * Client sockets: framed output with back-pressure (client 0) or a limit (later ones), stdin with
 * credit, window, signals, EXIT at the end (docs/spec/monitor-protocol.md, section 6).
 */
#define _GNU_SOURCE
#include "monitor.h"

#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/frame.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void put_header(uint8_t *at, size_t size, uint8_t type)
{
    struct wire_writer writer = wire_writer(at, FRAME_HEADER);

    wire_put_u32(&writer, (uint32_t)size);
    wire_put_u16(&writer, type); /* type, flags 0 */
    wire_put_u16(&writer, 0);
}

static void unlink_client(struct client *client)
{
    struct client **place = &client->process->clients;

    while (*place != client)
        place = &(*place)->next;
    *place = client->next;
}

/*
 * Closes and forgets a client. Its memory, next pointer included, stays until the current events
 * are handled, so that loops over the list that led here may go on.
 */
static void remove_client(struct client *client)
{
    struct process *process = client->process;
    struct monitor *monitor = process->monitor;

    unlink_client(client);
    monitor_close(monitor, &client->watch);
    queue_free(&client->out);
    queue_free(&client->in);
    client->buried = monitor->graveyard;
    monitor->graveyard = client;
    if (client->lossless) {
        stream_resume(process);
        if (process->stdin_once)
            input_close(process);
    }
}

static void drop_client(struct client *client, int err, const char *reason)
{
    control_client_gone(client, err, reason);
    remove_client(client);
}

/* what the socket is waited for: always for frames, for room while something is queued */
static void update_watch(struct client *client)
{
    uint32_t events = EPOLLIN | (queue_size(&client->out) > 0 ? (uint32_t)EPOLLOUT : 0);

    if (client->watch.events != events)
        monitor_watch(client->process->monitor, &client->watch, events);
}

/* sends what the socket takes; false when the client is gone */
static bool flush_client(struct client *client)
{
    int rc = queue_write(&client->out, client->watch.fd);

    if (rc < 0 && rc != -EAGAIN) {
        drop_client(client, EPIPE, "client closed its socket");
        return false;
    }
    if (rc == 0 && client->closing) {
        remove_client(client);
        return false;
    }
    update_watch(client);
    return true;
}

/* queues a small frame; false when the client is gone */
static bool send_frame(struct client *client, uint8_t type, const void *payload, size_t size)
{
    uint8_t frame[FRAME_HEADER + 256];

    if (client->watch.fd < 0)
        return false;
    if (size > sizeof frame - FRAME_HEADER)
        size = sizeof frame - FRAME_HEADER;
    put_header(frame, size, type);
    if (size > 0)
        memcpy(frame + FRAME_HEADER, payload, size);
    if (queue_put(&client->out, frame, FRAME_HEADER + size) < 0) {
        drop_client(client, ENOMEM, "out of memory");
        return false;
    }
    return flush_client(client);
}

static bool send_u32(struct client *client, uint8_t type, uint32_t value)
{
    uint8_t payload[4];
    struct wire_writer writer = wire_writer(payload, sizeof payload);

    wire_put_u32(&writer, value);
    return send_frame(client, type, payload, sizeof payload);
}

static void fall_behind(struct client *client)
{
    char text[96];
    int n = snprintf(text, sizeof text, "attach client %u fell behind: %u bytes unread",
                     client->number, ATTACH_QUEUE_MAX);

    control_client_gone(client, ENOBUFS, text);
    client->closing = true;
    client->wants[0] = client->wants[1] = false;
    client->deadline = clock_ms() + CLIENT_LINGER_MS;
    send_frame(client, FRAME_ERROR, text, (size_t)n);
}

static void send_output(struct client *client, const uint8_t *frame, size_t size)
{
    ssize_t n = 0;

    if (queue_size(&client->out) == 0) {
        n = send(client->watch.fd, frame, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            drop_client(client, EPIPE, "client closed its socket");
            return;
        }
        n = n < 0 ? 0 : n;
    }
    if ((size_t)n == size)
        return;
    if (!client->lossless && queue_size(&client->out) + size > ATTACH_QUEUE_MAX) {
        fall_behind(client);
        return;
    }
    if (queue_put(&client->out, frame + n, size - (size_t)n) < 0)
        drop_client(client, ENOMEM, "out of memory");
    else
        update_watch(client);
}

/* data has STREAM_HEADROOM bytes in front of size bytes of output: room for the header */
void client_output(struct process *process, uint8_t *data, size_t size, uint8_t frame)
{
    struct client *next;

    put_header(data, size, frame);
    for (struct client *client = process->clients; client; client = next) {
        next = client->next;
        if (client->watch.fd >= 0 && client->wants[frame == FRAME_STDERR] && !client->closing)
            send_output(client, data, FRAME_HEADER + size);
    }
}

bool client_blocks(const struct process *process)
{
    for (const struct client *client = process->clients; client; client = client->next)
        if (client->lossless && queue_size(&client->out) > 0)
            return true;
    return false;
}

/*
 * All stdin was written or dropped: what was taken is granted again. Small amounts wait until
 * half of the window is used, so that a typist does not cost a frame for each key.
 */
void client_grant(struct process *process)
{
    struct client *next;

    if (queue_size(&process->in.queue) > 0)
        return;
    for (struct client *client = process->clients; client; client = next) {
        uint32_t credit = client->in_flight;

        next = client->next;
        if (credit < CREDIT_WINDOW / 2 || client->closing)
            continue;
        client->in_flight = 0;
        send_u32(client, FRAME_CREDIT, credit);
    }
}

static bool only_writer(const struct client *client)
{
    for (const struct client *c = client->process->clients; c; c = c->next)
        if (c != client && c->may_write && !c->closing)
            return false;
    return true;
}

static void stdin_eof(struct client *client)
{
    struct process *process = client->process;

    if (!client->may_write)
        return;
    if (client->lossless ? process->stdin_once || only_writer(client) : only_writer(client))
        input_close(process);
}

static void take_stdin(struct client *client, const uint8_t *payload, uint32_t size)
{
    if (size > CREDIT_WINDOW - client->in_flight) {
        drop_client(client, EPROTO, "client sent more stdin than its credit");
        return;
    }
    client->in_flight += size;
    if (client->may_write)
        input_write(client->process, payload, size);
    else
        client_grant(client->process);
}

/* one whole frame; false when the client is gone */
static bool take_frame(struct client *client, uint8_t type, const uint8_t *payload, uint32_t size)
{
    struct process *process = client->process;

    if (type == FRAME_STDIN) {
        take_stdin(client, payload, size);
    } else if (type == FRAME_STDIN_EOF) {
        stdin_eof(client);
    } else if (type == FRAME_WINDOW && size == 4) {
        /* ENOTTY: a client may send its size before it knows that there is no terminal */
        stream_resize(process, wire_u16_at(payload), wire_u16_at(payload + 2));
    } else if (type == FRAME_SIGNAL && size == 4) {
        /* ESRCH: the process may have ended while the frame was on its way */
        process_signal(process, (int)wire_u32_at(payload));
    } else if (type == FRAME_DETACH) {
        drop_client(client, 0, "client detached");
    } else {
        drop_client(client, EPROTO, "client sent a bad frame");
    }
    return client->watch.fd >= 0;
}

/* consumes whole frames; returns the bytes taken; the client may be gone afterwards */
static size_t take_frames(struct client *client, const uint8_t *data, size_t size)
{
    size_t at = 0;

    while (client->watch.fd >= 0 && size - at >= FRAME_HEADER) {
        uint32_t length = wire_u32_at(data + at);

        if (length > FRAME_PAYLOAD_MAX) {
            drop_client(client, EPROTO, "client sent a frame that is too long");
            break;
        }
        if (size - at < FRAME_HEADER + length)
            break;
        take_frame(client, data[at + 4], data + at + FRAME_HEADER, length);
        at += FRAME_HEADER + length;
    }
    return at;
}

static void take_bytes(struct client *client, const uint8_t *data, size_t size)
{
    size_t taken;

    if (queue_size(&client->in) > 0) {
        if (queue_put(&client->in, data, size) < 0) {
            drop_client(client, ENOMEM, "out of memory");
            return;
        }
        data = client->in.data + client->in.start;
        size = queue_size(&client->in);
        taken = take_frames(client, data, size);
        client->in.start += client->watch.fd >= 0 ? taken : 0;
        if (client->watch.fd >= 0 && queue_size(&client->in) == 0)
            queue_free(&client->in);
        return;
    }
    taken = take_frames(client, data, size);
    if (client->watch.fd >= 0 && queue_put(&client->in, data + taken, size - taken) < 0)
        drop_client(client, ENOMEM, "out of memory");
}

static void client_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    struct client *client = OWNER(watch, struct client, watch);
    struct process *process = client->process;

    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        uint8_t *buffer = monitor_scratch(monitor);
        ssize_t n = buffer ? recv(watch->fd, buffer, SCRATCH_SIZE, MSG_DONTWAIT) : -1;

        if (n > 0) {
            take_bytes(client, buffer, (size_t)n);
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            drop_client(client, EPIPE, "client closed its socket");
        }
    }
    if (watch->fd >= 0 && (events & EPOLLOUT) && flush_client(client) && client->lossless &&
        queue_size(&client->out) == 0) {
        stream_resume(process);
    }
}

/* what comes from a client may be any descriptor: only a unix stream socket can be one */
static bool usable(int fd)
{
    int type = 0;
    int domain = 0;
    socklen_t size = sizeof type;

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM &&
           getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

/* takes over fd on success; 0 or -errno */
int client_add(struct process *process, int fd, bool lossless, unsigned wants, bool may_write)
{
    struct client **place = &process->clients;
    struct client *client;

    if (!usable(fd))
        return -ENOTSOCK;
    client = calloc(1, sizeof *client);
    if (!client || set_nonblocking(fd) < 0) {
        free(client);
        return -ENOMEM;
    }
    client->watch = (struct watch){.fd = fd, .ready = client_ready};
    client->process = process;
    client->number = lossless ? 0 : ++process->next_client;
    client->lossless = lossless;
    client->may_write = may_write;
    client->wants[0] = wants & 2;
    client->wants[1] = wants & 4;
    while (*place)
        place = &(*place)->next;
    *place = client;
    update_watch(client);
    if (may_write && !send_u32(client, FRAME_CREDIT, CREDIT_WINDOW))
        return 0;
    if (process->state == PROCESS_RUNNING)
        send_u32(client, FRAME_STARTED, (uint32_t)process->pid);
    return 0;
}

void client_started(struct process *process)
{
    struct client *next;

    for (struct client *client = process->clients; client; client = next) {
        next = client->next;
        send_u32(client, FRAME_STARTED, (uint32_t)process->pid);
    }
}

/* the last frame of each client; client 0 may take its time, the others have a deadline */
void client_tell_exit(struct process *process)
{
    uint8_t payload[8 + sizeof process->ending.reason];
    struct wire_writer writer = wire_writer(payload, 8);
    size_t reason = strlen(process->ending.reason);
    struct client *next;

    wire_put_u32(&writer, process->ending.kind);
    wire_put_u32(&writer, process->ending.value);
    memcpy(payload + 8, process->ending.reason, reason);
    for (struct client *client = process->clients; client; client = next) {
        next = client->next;
        if (client->closing)
            continue;
        client->closing = true;
        client->deadline = client->lossless ? 0 : clock_ms() + CLIENT_LINGER_MS;
        send_frame(client, FRAME_EXIT, payload, 8 + reason);
    }
}

void client_drop_all(struct process *process)
{
    while (process->clients)
        remove_client(process->clients);
}

void client_expire(struct process *process, uint64_t now)
{
    struct client *next;

    for (struct client *client = process->clients; client; client = next) {
        next = client->next;
        if (client->deadline && client->deadline <= now)
            drop_client(client, ETIMEDOUT, "client did not take its last frames");
    }
}

uint64_t client_deadline(const struct process *process)
{
    uint64_t first = 0;

    for (const struct client *client = process->clients; client; client = client->next)
        if (client->deadline && (first == 0 || client->deadline < first))
            first = client->deadline;
    return first;
}
