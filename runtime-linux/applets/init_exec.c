/* The last steps: descriptors in place, EXECING told, the program executed. */
#define _GNU_SOURCE
#include "init.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lib/limits.h"
#include "lib/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* moves one of our own descriptors away from number, where the program's is to be */
static int make_room(int *fd, int number)
{
    int moved;

    if (*fd != number)
        return 0;
    moved = fcntl(*fd, F_DUPFD_CLOEXEC, number + 1);
    if (moved < 0)
        return -errno;
    close(*fd);
    *fd = moved;
    return 0;
}

/*
 * The number may be taken by the channel, by stdio or by another slot: those move up first.
 * A slot that was preserved before keeps its place: its number is not in slots any more.
 */
int init_preserve(struct init *init, struct wire_reader *args)
{
    uint32_t slot = wire_u32(args);
    int number = (int)wire_u32(args);
    int *slots = init->mounts.slots;
    int rc = make_room(&init->sync, number);

    for (int i = 0; i < 3 && rc == 0 && !init->console; i++)
        rc = make_room(&init->stdio[i], number);
    for (uint32_t i = 0; i < init->plan->total && rc == 0; i++)
        if (i != slot)
            rc = make_room(&slots[i], number);
    if (rc == 0 && slots[slot] != number && dup2(slots[slot], number) < 0)
        rc = -errno;
    if (rc == 0)
        rc = set_cloexec(number, 0);
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot preserve descriptor %d", number);
    if (slots[slot] == number)
        slots[slot] = -1;
    return 0;
}

int init_place_stdio(struct init *init)
{
    if (init->console && ioctl(init->stdio[0], TIOCSCTTY, 0) < 0)
        return fail(&init->failure, errno, "cannot make the console the controlling terminal");
    for (int i = 0; i < 3; i++)
        if (dup2(init->stdio[i], i) < 0)
            return fail(&init->failure, errno, "cannot place stream %d", i);
    return 0;
}

/* close-on-exec for all above 2, then off again for what PRESERVE has placed */
static int close_others(struct init *init)
{
    unsigned first = 3 + (unsigned)init->inherited;
    int rc = k_close_range(first, UINT_MAX, K_CLOSE_RANGE_CLOEXEC);

    if (rc < 0)
        return fail(&init->failure, -rc, "cannot close descriptors");
    for (uint32_t i = 0; i < init->plan->exec; i++) {
        struct wire_reader args = plan_args(&init->plan->ops[i]);

        if (init->plan->ops[i].code != OP_PRESERVE)
            continue;
        wire_u32(&args);
        rc = set_cloexec((int)wire_u32(&args), 0);
        if (rc < 0)
            return fail(&init->failure, -rc, "cannot preserve a descriptor");
    }
    return 0;
}

static void reset_signals(void)
{
    sigset_t none;

    /* dispositions are the default: nothing is ignored by spawn, handlers went with the clone */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * PDEATHSIG is set after the change of credentials, which clears it. A monitor that died before
 * that is noticed by the send: its end of the channel is closed then.
 */
int init_make_ready(struct init *init)
{
    struct sync_frame frame = {.version = SYNC_VERSION, .type = SYNC_EXECING};
    int rc;

    if (init->ready)
        return 0;
    rc = init_place_stdio(init);
    if (rc == 0)
        rc = close_others(init);
    if (rc < 0)
        return rc;
    reset_signals();
    rc = init->files_limited ? 0 : limits_restore();
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot restore the limit of open files");
    if (!init->orphan && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
        return fail(&init->failure, errno, "cannot bind the process to its monitor");
    rc = sync_send(init->sync, &frame, -1);
    if (rc < 0)
        return fail(&init->failure, -rc, "monitor is gone");
    init->ready = true;
    return 0;
}

static const char *search_path(char *const env[])
{
    for (; *env; env++)
        if (strncmp(*env, "PATH=", 5) == 0)
            return *env + 5;
    return DEFAULT_PATH;
}

/* execvp's rules: EACCES is remembered, what is not there is passed over */
static int exec_in_path(const char *file, char *const argv[], char *const env[])
{
    const char *at = search_path(env);
    size_t name = strlen(file);
    int result = ENOENT;

    for (;;) {
        char full[PATH_MAX];
        size_t length = strcspn(at, ":");

        if (length + name + 2 <= sizeof full) {
            memcpy(full, at, length);
            full[length] = '/';
            memcpy(full + length + (length > 0), file, name + 1);
            execve(full, argv, env);
            if (errno == EACCES)
                result = EACCES;
            else if (errno != ENOENT && errno != ENOTDIR)
                return errno;
        }
        if (at[length] == '\0')
            return result;
        at += length + 1;
    }
}

/* whether execve would find the file; what a directory of PATH may not be asked about is passed over */
static int find_in_path(const char *file, char *const env[])
{
    const char *at = search_path(env);
    int result = ENOENT;

    for (;;) {
        char full[PATH_MAX];
        int length = (int)strcspn(at, ":");

        if ((size_t)snprintf(full, sizeof full, "%.*s/%s", length, at, file) < sizeof full) {
            if (access(full, X_OK) == 0)
                return 0;
            if (errno == EACCES)
                result = EACCES;
        }
        if (at[length] == '\0')
            return result;
        at += length + 1;
    }
}

int init_check_program(struct init *init)
{
    struct wire_reader args = plan_args(&init->plan->ops[init->plan->exec]);
    const char *file = wire_string(&args);
    int err;

    if (*file != '/' && strchr(file, '/'))
        return 0; /* relative to a directory that is not entered yet */
    if (*file == '/')
        err = access(file, X_OK) < 0 ? errno : 0;
    else
        err = find_in_path(file, init->env);
    if (err == 0)
        return 0;
    init->op = init->plan->exec;
    return fail(&init->failure, err, "cannot execute %s", file);
}

static void fill_listen_pid(char **env, char *room, size_t size)
{
    for (; *env; env++)
        if (strncmp(*env, "LISTEN_PID=", 11) == 0) {
            snprintf(room, size, "LISTEN_PID=%d", getpid());
            *env = room;
        }
}

int init_exec(struct init *init, struct wire_reader *args)
{
    const char *file = wire_string(args);
    char listen_pid[32];
    uint32_t flags;
    int rc;

    wire_list(args);
    wire_list(args);
    flags = wire_u32(args);
    rc = init_make_ready(init);
    if (rc < 0)
        return rc;
    if (flags & EXEC_REAPER)
        init_stay_as_reaper(init);
    if (flags & EXEC_LISTEN_PID)
        fill_listen_pid(init->env, listen_pid, sizeof listen_pid);
    if (strchr(file, '/')) {
        execve(file, init->argv, init->env);
        rc = errno;
    } else {
        rc = *file ? exec_in_path(file, init->argv, init->env) : ENOENT;
    }
    return fail(&init->failure, rc, "cannot execute %s", file);
}
