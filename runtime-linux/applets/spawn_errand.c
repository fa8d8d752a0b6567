/*
 * Errands: a child enters other namespaces, makes one descriptor there and answers the JVM itself,
 * so that spawn never waits. Only a child that died without an answer is answered for.
 */
#define _GNU_SOURCE
#include "spawn.h"

#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/plan.h"
#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct errand {
    struct errand *next;
    pid_t pid;
    uint32_t request;
};

/* makes the descriptor or fails; runs in the child */
typedef int errand_work(struct message *message, struct failure *failure);

static _Noreturn void work_and_answer(struct spawn *spawn, struct message *message,
                                      errand_work *work)
{
    uint8_t buffer[16];
    struct wire_writer writer = message_begin(buffer, sizeof buffer, SPAWN_DESCRIPTOR, message->id);
    struct failure failure;
    int fd = work(message, &failure);

    if (fd < 0)
        spawn_error(spawn, message->id, -fd, failure.text);
    else
        spawn_send(spawn, &writer, &fd, 1);
    _exit(0);
}

static void begin(struct spawn *spawn, struct message *message, errand_work *work)
{
    struct errand *errand = calloc(1, sizeof *errand);
    pid_t pid = errand ? fork() : -1;

    if (pid < 0) {
        spawn_error(spawn, message->id, errand ? errno : ENOMEM, "cannot fork helper");
        free(errand);
        return;
    }
    if (pid == 0)
        work_and_answer(spawn, message, work);
    errand->pid = pid;
    errand->request = message->id;
    errand->next = spawn->errands;
    spawn->errands = errand;
}

int errand_reaped(struct spawn *spawn, pid_t pid, int status)
{
    struct errand **place = &spawn->errands;
    struct errand *errand;

    while (*place && (*place)->pid != pid)
        place = &(*place)->next;
    errand = *place;
    if (!errand)
        return 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        spawn_error(spawn, errand->request, ECHILD, "helper died");
    *place = errand->next;
    free(errand);
    return 1;
}

static int socket_work(struct message *message, struct failure *failure)
{
    int domain = (int)wire_u32(&message->args);
    int type = (int)wire_u32(&message->args);
    int protocol = (int)wire_u32(&message->args);
    int fd;

    if (message->fd_count != 1)
        return fail_plain(failure, EINVAL, "cannot open socket: no network namespace came");
    if (setns(message->fds[0], CLONE_NEWNET) < 0)
        return fail(failure, errno, "cannot enter network namespace");
    fd = socket(domain, type | SOCK_CLOEXEC, protocol);
    return fd < 0 ? fail(failure, errno, "cannot open socket") : fd;
}

static int netns_work(struct message *message, struct failure *failure)
{
    uint32_t flags = wire_u32(&message->args);
    int rc = 0;
    int fd;

    if (flags & 2)
        setpriority(PRIO_PROCESS, 0, 19); /* nobody waits: it only has to be ready next time */
    if (unshare(CLONE_NEWNET) < 0)
        return fail(failure, errno, "cannot make network namespace");
    if (flags & 1)
        rc = net_loopback_up();
    if (rc < 0)
        return fail(failure, -rc, "cannot bring up lo");
    fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    return fd < 0 ? fail(failure, errno, "cannot open network namespace") : fd;
}

/*
 * mount(2) takes a page of options and relative lower directories, which fsconfig does not. The
 * mount is made over /proc of a private mount namespace, a directory that is always there, and
 * taken out of it as a detached clone; the namespace ends with this process.
 */
static int mount_work(struct message *message, struct failure *failure)
{
    const char *fstype = wire_string(&message->args);
    const char *source = wire_string(&message->args);
    uint64_t flags = wire_u64(&message->args);
    const char *data = wire_string(&message->args);
    const char *base = wire_string(&message->args);
    int fd;

    if (strlen(data) > 4095)
        return fail(failure, E2BIG, "cannot mount %s: options", fstype);
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return fail(failure, errno, "cannot make mount namespace");
    if (*base && chdir(base) < 0)
        return fail(failure, errno, "cannot change to directory %s", base);
    if (mount(source, "/proc", fstype, flags, data) < 0)
        return fail(failure, errno, "cannot mount %s", fstype);
    fd = k_open_tree(AT_FDCWD, "/proc", K_OPEN_TREE_CLONE | (unsigned)O_CLOEXEC);
    return fd < 0 ? fail(failure, -fd, "cannot take the mount of %s", fstype) : fd;
}

void errand_socket(struct spawn *spawn, struct message *message)
{
    begin(spawn, message, socket_work);
}

void errand_netns(struct spawn *spawn, struct message *message)
{
    begin(spawn, message, netns_work);
}

void errand_mount(struct spawn *spawn, struct message *message)
{
    begin(spawn, message, mount_work);
}
