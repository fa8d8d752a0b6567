/*
 * Starting a compiler: this process binds its socket and hands it on as descriptor 0, so that a
 * client may connect and send before the JVM runs. What starts is a daemon in every respect that a
 * caller could notice: own session, own cgroups, no descriptor of ours, not our child.
 *
 * Who starts one holds a lock (fcntl, which the JVM can take as well: it removes the socket under it).
 */
#define _GNU_SOURCE
#include "compiler.h"

#include "cgroup.h"
#include "lib/fd.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int take_lock(const char *path)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    cleanup_fd int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return -errno;
    while (fcntl(fd, F_SETLKW, &whole) < 0)
        if (errno != EINTR)
            return -errno;
    return steal_fd(&fd);
}

static int bind_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    cleanup_fd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t mask;
    int rc;

    if (fd < 0)
        return -errno;
    if (strlen(path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (unlink(path) < 0 && errno != ENOENT)
        return -errno;
    mask = umask(0177);
    rc = bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
    umask(mask);
    if (rc == 0 && listen(fd, 128) < 0)
        rc = -errno;
    return rc < 0 ? rc : steal_fd(&fd);
}

/* the JVM, by the script that finds it; never returns */
static _Noreturn void become_compiler(int listener, const char *socket_path, const char *lock)
{
    char program[PATH_MAX];
    char log[PATH_MAX];
    char group[PATH_MAX] = "";
    const char *argv[] = {program, "--socket", socket_path, "--lock", lock, "--cgroup", group, NULL};
    sigset_t none;
    int out;

    snprintf(program, sizeof program, "%s/lib/felucca-compiler", oci_home());
    snprintf(log, sizeof log, "%s/.compiler/log", globals.root);
    out = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out < 0 || dup2(listener, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
        _exit(126);
    if (!cgroup_leave_callers(group, sizeof group))
        argv[5] = NULL;
    k_close_range(3, UINT_MAX, 0);
    for (int signal_number = 1; signal_number < 32; signal_number++)
        signal(signal_number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (chdir("/") < 0)
        _exit(126);
    umask(077);
    execv(program, (char *const *)(uintptr_t)argv);
    dprintf(2, "cannot execute %s: %s\n", program, strerror(errno));
    _exit(127);
}

/* forks twice, so that nobody here has to reap it and a subreaper above takes it */
static int spawn(int listener, const char *socket_path, const char *lock)
{
    pid_t pid = fork();
    int status;

    if (pid < 0)
        return -errno;
    if (pid == 0) {
        setsid();
        pid = fork();
        if (pid == 0)
            become_compiler(listener, socket_path, lock);
        _exit(pid < 0);
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return status == 0 ? 0 : -EAGAIN;
}

int compiler_start(const char *socket_path)
{
    char directory[PATH_MAX];
    char lock[PATH_MAX];
    cleanup_fd int held = -1;
    cleanup_fd int listener = -1;
    int fd;
    int rc;

    snprintf(directory, sizeof directory, "%s/.compiler", globals.root);
    snprintf(lock, sizeof lock, "%.4000s/lock", directory);
    if (mkdir(directory, 0700) < 0 && errno != EEXIST)
        return say_errno(errno, "cannot make %s", directory);
    held = take_lock(lock);
    if (held < 0)
        return say_errno(-held, "cannot lock %s", lock);
    fd = compiler_connect(socket_path); /* another one was faster */
    if (fd >= 0)
        return fd;
    listener = bind_socket(socket_path);
    if (listener < 0)
        return say_errno(-listener, "cannot bind %s", socket_path);
    rc = spawn(listener, socket_path, lock);
    if (rc < 0)
        return say_errno(-rc, "cannot start the plan compiler");
    fd = compiler_connect(socket_path);
    return fd >= 0 ? fd : say_errno(-fd, "cannot connect to %s", socket_path);
}
