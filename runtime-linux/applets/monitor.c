#define _GNU_SOURCE
#include "monitor.h"

#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/title.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define EVENTS 16

void monitor_watch(struct monitor *monitor, struct watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    int op = watch->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    /* EPERM: a regular file as output is always ready and is never ours; ENOMEM ends the monitor */
    if (epoll_ctl(monitor->epoll, op, watch->fd, &event) < 0)
        monitor_leave(monitor);
    watch->events = events;
}

void monitor_unwatch(struct monitor *monitor, struct watch *watch)
{
    if (watch->events)
        epoll_ctl(monitor->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
    watch->events = 0;
}

void monitor_close(struct monitor *monitor, struct watch *watch)
{
    if (watch->fd < 0)
        return;
    monitor_unwatch(monitor, watch);
    close_fd_at(&watch->fd);
}

static uint8_t *map_buffer(size_t size)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return at == MAP_FAILED ? NULL : at;
}

/* for packets and for what clients send; NULL when out of memory */
uint8_t *monitor_scratch(struct monitor *monitor)
{
    if (!monitor->scratch)
        monitor->scratch = map_buffer(SCRATCH_SIZE);
    monitor->scratch_used = true;
    return monitor->scratch;
}

/* for output on its way to log and clients */
uint8_t *monitor_stream_buffer(struct monitor *monitor)
{
    if (!monitor->stream)
        monitor->stream = map_buffer(STREAM_CHUNK + STREAM_HEADROOM);
    monitor->scratch_used = true;
    return monitor->stream;
}

/* an idle monitor holds no buffer pages */
static void release_buffers(struct monitor *monitor)
{
    if (monitor->scratch)
        madvise(monitor->scratch, SCRATCH_SIZE, MADV_DONTNEED);
    if (monitor->stream)
        madvise(monitor->stream, STREAM_CHUNK + STREAM_HEADROOM, MADV_DONTNEED);
    monitor->scratch_used = false;
}

/*
 * The kernel closes the rest. Children that are left die with this process: PDEATHSIG.
 */
void monitor_leave(struct monitor *monitor)
{
    if (monitor->poststop)
        launch_run_poststop(monitor);
    _exit(0);
}

static void free_graveyard(struct monitor *monitor)
{
    while (monitor->graveyard) {
        struct client *client = monitor->graveyard;

        monitor->graveyard = client->buried;
        free(client);
    }
    launch_free_buried(monitor);
}

/* what follows from the events of one round; execs that are done leave the list */
static void settle(struct monitor *monitor)
{
    struct process *next;

    process_progress(&monitor->first);
    for (struct process *exec = monitor->execs; exec; exec = next) {
        next = exec->next;
        process_progress(exec);
        if (exec->discard || (exec->done && monitor->control.fd >= 0))
            process_discard(exec);
    }
    free_graveyard(monitor);
}

static bool finished(const struct monitor *monitor)
{
    if (monitor->ending)
        return true;
    for (const struct process *exec = monitor->execs; exec; exec = exec->next)
        if (!exec->done)
            return false;
    return monitor->first.done && monitor->control.fd < 0;
}

static int wait_time(const struct monitor *monitor)
{
    int timeout = clock_wait(process_deadline(monitor));

    if (monitor->scratch_used && (timeout < 0 || timeout > SCRATCH_IDLE_MS))
        return SCRATCH_IDLE_MS;
    return timeout;
}

static _Noreturn void loop(struct monitor *monitor)
{
    struct epoll_event events[EVENTS];

    while (!finished(monitor)) {
        int n = epoll_wait(monitor->epoll, events, EVENTS, wait_time(monitor));

        if (n < 0 && errno != EINTR)
            break;
        for (int i = 0; i < n; i++) {
            struct watch *watch = events[i].data.ptr;

            /* an earlier event of this round may have closed it */
            if (watch->fd >= 0 && watch->events)
                watch->ready(monitor, watch, events[i].events);
        }
        if (n == 0)
            release_buffers(monitor);
        process_expire(monitor);
        settle(monitor);
    }
    if (!monitor->ending)
        unlinkat(monitor->task_dir, "monitor.sock", 0);
    monitor_leave(monitor);
}

static void prepare(struct monitor *monitor, const struct monitor_order *order)
{
    snprintf(monitor->id, sizeof monitor->id, "%s", order->id);
    snprintf(monitor->boot_id, sizeof monitor->boot_id, "%s", order->boot_id);
    monitor->epoll = epoll_create1(EPOLL_CLOEXEC);
    monitor->devnull = order->devnull;
    monitor->task_dir = order->task_dir;
    monitor->control = (struct watch){.fd = order->control, .ready = control_ready};
    monitor->listener.fd = -1;
    monitor->oom.fd = -1;
    monitor->children.fd = -1;
    for (int i = 0; i < ADOPTING_MAX; i++)
        monitor->adopting[i].fd = -1;
    monitor->drain_ms = order->drain_ms ? order->drain_ms : DRAIN_DEFAULT_MS;
    monitor->root = monitor->mount_namespace = monitor->exit_record = -1;
    monitor->log_settings = (struct log_settings){
        .dir = order->log_dir, .max = order->log_max, .files = order->log_files};
    snprintf(monitor->log_settings.name, sizeof monitor->log_settings.name, "%s",
             order->log_name);
    process_init(&monitor->first, monitor, "");
}

/*
 * Own session, so that no terminal's signals arrive; spawn has blocked all signals and they stay
 * blocked: a monitor ends by DELETE, by itself, or by SIGKILL.
 */
void monitor_run(const struct monitor_order *order)
{
    static struct monitor monitor;
    struct launch_order launch = {.request = order->request,
                                  .flags = order->flags,
                                  .plan = order->plan,
                                  .plan_fd = order->plan_fd,
                                  .slots = (int *)(uintptr_t)order->slots,
                                  .slot_count = order->slot_count,
                                  .client = order->client,
                                  .kind = PLAN_CONTAINER};

    setsid();
    prctl(PR_SET_NAME, "felucca-monitor");
    title_set("monitor", order->id);
    for (int i = 0; i < 3; i++)
        dup2(order->devnull, i);
    prepare(&monitor, order);
    if (monitor.epoll < 0 || message_prepare_socket(order->control) < 0)
        _exit(1);
    monitor_watch(&monitor, &monitor.control, EPOLLIN);
    launch_begin(&monitor.first, &launch);
    munmap(order->packet, order->packet_size);
    loop(&monitor);
}
