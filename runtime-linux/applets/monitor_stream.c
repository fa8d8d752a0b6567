/*
 * The process's streams: stdout and stderr pipes or a pty master, and stdin. Output goes to the
 * log and to clients; while client 0 has not taken its piece the output is not read, so that the
 * process is slowed down and nothing is lost.
 */
#define _GNU_SOURCE
#include "monitor.h"

#include "lib/fd.h"
#include "lib/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

size_t queue_size(const struct queue *queue)
{
    return queue->used - queue->start;
}

void queue_free(struct queue *queue)
{
    free(queue->data);
    *queue = (struct queue){.data = NULL};
}

int queue_put(struct queue *queue, const void *data, size_t size)
{
    size_t waiting = queue_size(queue);

    if (size == 0)
        return 0;
    if (queue->size - queue->used < size) {
        size_t wanted = queue->size ? queue->size : 1024;
        uint8_t *room;

        while (wanted < waiting + size)
            wanted *= 2;
        room = malloc(wanted);
        if (!room)
            return -ENOMEM;
        if (waiting > 0)
            memcpy(room, queue->data + queue->start, waiting);
        free(queue->data);
        *queue = (struct queue){.data = room, .used = waiting, .size = wanted};
    }
    memcpy(queue->data + queue->used, data, size);
    queue->used += size;
    return 0;
}

/* writes what fd takes; an empty queue gives its memory back; 0 or -errno, -EAGAIN when full */
int queue_write(struct queue *queue, int fd)
{
    while (queue_size(queue) > 0) {
        ssize_t n = write(fd, queue->data + queue->start, queue_size(queue));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        queue->start += (size_t)n;
    }
    queue_free(queue);
    return 0;
}

/* the first of a row of failures is told; the process is not held up by a full disk */
static void note_log(struct monitor *monitor, int rc)
{
    static bool failing;
    struct failure failure;

    if (rc < 0 && !failing) {
        fail(&failure, -rc, "cannot write log");
        control_warning(monitor, (struct op_error){PLAN_NO_OP, 0, -rc}, failure.text);
    }
    failing = rc < 0;
}

static bool is_logged(const struct output *output)
{
    return output->process == &output->process->monitor->first && output->process->monitor->log;
}

static void output_end(struct output *output)
{
    struct monitor *monitor = output->process->monitor;

    monitor_close(monitor, &output->watch);
    if (is_logged(output))
        note_log(monitor, log_end_stream(monitor->log, output->frame == FRAME_STDERR));
}

static void output_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    struct output *output = OWNER(watch, struct output, watch);
    struct process *process = output->process;
    uint8_t *data = monitor_stream_buffer(monitor);
    ssize_t n;

    (void)events;
    if (!data)
        return;
    n = read(watch->fd, data + STREAM_HEADROOM, STREAM_CHUNK);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) { /* EIO: the last slave of a pty was closed */
        output_end(output);
        return;
    }
    if (process == &monitor->first)
        task_open_log(monitor);
    if (is_logged(output))
        note_log(monitor, log_write(monitor->log, output->frame == FRAME_STDERR,
                                    data + STREAM_HEADROOM, (size_t)n));
    client_output(process, data, (size_t)n, output->frame);
    if (client_blocks(process))
        for (int i = 0; i < 2; i++)
            if (process->out[i].watch.fd >= 0 && !process->out[i].paused) {
                process->out[i].paused = true;
                monitor_unwatch(monitor, &process->out[i].watch);
            }
}

void stream_resume(struct process *process)
{
    for (int i = 0; i < 2; i++)
        if (process->out[i].watch.fd >= 0 && process->out[i].paused) {
            process->out[i].paused = false;
            monitor_watch(process->monitor, &process->out[i].watch, EPOLLIN);
        }
}

bool stream_open(const struct process *process)
{
    return process->out[0].watch.fd >= 0 || process->out[1].watch.fd >= 0;
}

/* after the drain deadline: what still holds bytes is read first, and closed in a later round */
void stream_close_empty(struct process *process)
{
    for (int i = 0; i < 2; i++) {
        int fd = process->out[i].watch.fd;
        int waiting = 0;

        if (fd >= 0 && (ioctl(fd, FIONREAD, &waiting) < 0 || waiting == 0))
            output_end(&process->out[i]);
    }
}

static void take_output(struct process *process, int i, int fd)
{
    struct output *output = &process->out[i];

    output->watch = (struct watch){.fd = fd, .ready = output_ready};
    output->process = process;
    output->frame = i == 0 ? FRAME_STDOUT : FRAME_STDERR;
    set_nonblocking(fd);
    monitor_watch(process->monitor, &output->watch, EPOLLIN);
}

/* goes on with what waits; tells clients what may be sent again */
static void input_progress(struct process *process)
{
    struct input *input = &process->in;
    int rc = input->watch.fd < 0 ? -EPIPE : queue_write(&input->queue, input->watch.fd);

    if (rc == -EAGAIN) {
        if (input->watch.events == 0)
            monitor_watch(process->monitor, &input->watch, EPOLLOUT);
        return;
    }
    if (rc < 0) { /* nobody reads any more: what comes is dropped and granted */
        queue_free(&input->queue);
        monitor_close(process->monitor, &input->watch);
    }
    if (input->watch.fd >= 0)
        monitor_unwatch(process->monitor, &input->watch);
    if (input->closing)
        monitor_close(process->monitor, &input->watch);
    client_grant(process);
}

static void input_ready(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    (void)monitor;
    (void)events;
    input_progress(OWNER(watch, struct input, watch)->process);
}

static void take_input(struct process *process, int fd)
{
    process->in.watch = (struct watch){.fd = fd, .ready = input_ready};
    process->in.process = process;
    set_nonblocking(fd);
}

void input_write(struct process *process, const void *data, size_t size)
{
    struct input *input = &process->in;

    if (input->watch.fd >= 0 && !input->closing && queue_put(&input->queue, data, size) < 0)
        monitor_close(process->monitor, &input->watch);
    input_progress(process);
}

/* a terminal has no end of input of its own: the client sends the EOF character */
void input_close(struct process *process)
{
    if (process->terminal || process->in.watch.fd < 0)
        return;
    process->in.closing = true;
    input_progress(process);
}

/* descriptors for init in stdio, the other ends kept; 0 or -errno */
int stream_pipes(struct process *process, bool with_stdin, int stdio[3])
{
    cleanup_fd int in_read = -1;
    int in[2];
    int out[2];

    if (with_stdin) {
        if (pipe2(in, O_CLOEXEC) < 0)
            return -errno;
        in_read = in[0];
        take_input(process, in[1]);
    } else {
        in_read = fcntl(process->monitor->devnull, F_DUPFD_CLOEXEC, 3);
        if (in_read < 0)
            return -errno;
    }
    for (int i = 0; i < 2; i++) {
        if (pipe2(out, O_CLOEXEC) < 0)
            return -errno;
        take_output(process, i, out[0]);
        stdio[1 + i] = out[1];
    }
    stdio[0] = steal_fd(&in_read);
    return 0;
}

/* the pty master: output and input; a second descriptor, so that each has its own events */
void stream_console(struct process *process, int master)
{
    int second = fcntl(master, F_DUPFD_CLOEXEC, 3);

    process->terminal = true;
    take_output(process, 0, master);
    if (second >= 0)
        take_input(process, second);
    if (process->rows || process->cols)
        stream_resize(process, process->rows, process->cols);
}

int stream_resize(struct process *process, unsigned rows, unsigned cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    process->rows = rows;
    process->cols = cols;
    if (!process->terminal || process->out[0].watch.fd < 0)
        return -ENOTTY;
    return ioctl(process->out[0].watch.fd, TIOCSWINSZ, &size) < 0 ? -errno : 0;
}
