#include "terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static int changed_fd = -1;

/* A background process that changes its terminal is stopped by SIGTTOU unless it blocks it. */
static int set_attributes(int fd, const struct termios *attributes)
{
    sigset_t ttou, before;
    int result;

    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    sigprocmask(SIG_BLOCK, &ttou, &before);
    do {
        result = tcsetattr(fd, TCSADRAIN, attributes);
    } while (result < 0 && errno == EINTR);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return result < 0 ? -errno : 0;
}

/* sets what a change made of the terminal's own attributes, which are kept */
static int change(int fd, void (*make)(struct termios *))
{
    struct termios changed;
    int result;

    if (changed_fd >= 0)
        return 0;
    if (tcgetattr(fd, &saved) < 0)
        return -errno;
    changed = saved;
    make(&changed);
    result = set_attributes(fd, &changed);
    if (result == 0)
        changed_fd = fd;
    return result;
}

int terminal_raw(int fd)
{
    return change(fd, cfmakeraw);
}

static void hide(struct termios *attributes)
{
    attributes->c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
}

int terminal_hide(int fd)
{
    return change(fd, hide);
}

void terminal_restore(void)
{
    if (changed_fd < 0)
        return;
    set_attributes(changed_fd, &saved);
    changed_fd = -1;
}

void terminal_size(uint16_t *rows, uint16_t *columns)
{
    static const int candidates[] = {STDOUT_FILENO, STDIN_FILENO, STDERR_FILENO};

    *rows = *columns = 0;
    for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++) {
        struct winsize size;

        if (ioctl(candidates[i], TIOCGWINSZ, &size) == 0) {
            *rows = size.ws_row;
            *columns = size.ws_col;
            return;
        }
    }
}
