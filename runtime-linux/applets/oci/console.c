#define _GNU_SOURCE
#include "console.h"

#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    cleanup_fd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (strlen(path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return -errno;
    return steal_fd(&fd);
}

int console_send(const char *path, int master)
{
    char name[] = "/dev/ptmx";
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {.space = {0}};
    struct iovec part = {.iov_base = name, .iov_len = sizeof name - 1};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control};
    struct cmsghdr *c = CMSG_FIRSTHDR(&header);
    cleanup_fd int fd = connect_to(path);

    if (fd < 0)
        return say_errno(-fd, "cannot connect to console socket %s", path);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &master, sizeof master);
    if (sendmsg(fd, &header, MSG_NOSIGNAL) < 0)
        return say_errno(errno, "cannot send the console to %s", path);
    return 0;
}

void console_size(uint32_t *rows, uint32_t *columns)
{
    struct winsize size = {.ws_row = 0};

    if (ioctl(0, TIOCGWINSZ, &size) < 0 && ioctl(1, TIOCGWINSZ, &size) < 0)
        size.ws_row = size.ws_col = 0;
    *rows = size.ws_row;
    *columns = size.ws_col;
}

/* all but those that speak of this process's own faults */
static sigset_t forwarded(void)
{
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
    sigset_t set;

    sigfillset(&set);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        sigdelset(&set, own[i]);
    return set;
}

void foreground_begin(void)
{
    sigset_t set = forwarded();

    sigprocmask(SIG_BLOCK, &set, NULL);
}

struct foreground {
    pid_t pid;
    int master;
    int signals;
    bool raw;
    bool input; /* stdin may have more */
    struct termios before;
    int status;
};

static void resize(struct foreground *front)
{
    struct winsize size;

    if (front->master >= 0 && ioctl(0, TIOCGWINSZ, &size) == 0)
        ioctl(front->master, TIOCSWINSZ, &size);
}

/* true when the process has ended */
static bool reap(struct foreground *front)
{
    int status;

    for (;;) {
        pid_t pid = waitpid(-1, &status, WNOHANG);

        if (pid <= 0)
            return false;
        if (pid != front->pid)
            continue;
        front->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return true;
    }
}

static bool take_signals(struct foreground *front)
{
    struct signalfd_siginfo info[8];
    ssize_t n = read(front->signals, info, sizeof info);

    for (ssize_t i = 0; n > 0 && i < n / (ssize_t)sizeof *info; i++) {
        int number = (int)info[i].ssi_signo;

        if (number == SIGCHLD) {
            if (reap(front))
                return true;
        } else if (number == SIGWINCH) {
            resize(front);
        } else {
            kill(front->pid, number); /* it may just have ended */
        }
    }
    return false;
}

/* copies what is there; false at the end of the source */
static bool copy(int from, int to)
{
    char buffer[8192];
    ssize_t n = read(from, buffer, sizeof buffer);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    return n > 0 && write_all(to, buffer, (size_t)n) == 0;
}

static void make_raw(struct foreground *front)
{
    struct termios raw;

    if (front->master < 0 || tcgetattr(0, &front->before) < 0)
        return;
    raw = front->before;
    cfmakeraw(&raw);
    front->raw = tcsetattr(0, TCSANOW, &raw) == 0;
    resize(front);
}

/* what the program wrote before its end is still in the terminal */
static void drain(struct foreground *front)
{
    if (front->master < 0)
        return;
    set_nonblocking(front->master);
    for (;;) {
        char buffer[8192];
        ssize_t n = read(front->master, buffer, sizeof buffer);

        if (n <= 0 || write_all(1, buffer, (size_t)n) < 0)
            return;
    }
}

int foreground_wait(pid_t pid, int master)
{
    struct foreground front = {.pid = pid, .master = master, .input = master >= 0};
    sigset_t set = forwarded();
    int failed = 0;

    front.signals = signalfd(-1, &set, SFD_CLOEXEC);
    if (front.signals < 0)
        return say_errno(errno, "cannot wait for the process");
    make_raw(&front);
    while (!reap(&front)) {
        struct pollfd events[3] = {
            {.fd = front.signals, .events = POLLIN},
            {.fd = front.master, .events = POLLIN},
            {.fd = front.input ? 0 : -1, .events = POLLIN},
        };

        if (poll(events, 3, -1) < 0) {
            if (errno == EINTR)
                continue;
            failed = errno;
            break;
        }
        if (events[0].revents && take_signals(&front))
            break;
        if (events[1].revents && !copy(front.master, 1))
            front.master = -1;
        if (events[2].revents && front.master >= 0 && !copy(0, front.master))
            front.input = false;
    }
    drain(&front);
    if (front.raw)
        tcsetattr(0, TCSANOW, &front.before);
    close(front.signals);
    return failed ? say_errno(failed, "cannot wait for the process") : front.status;
}
