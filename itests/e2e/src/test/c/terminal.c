/*
 * terminal ROWS COLUMNS COMMAND [ARG...]: runs a command on a terminal of its own and stands between the terminal's
 * other side and its own standard input and output.
 *
 * What comes in on standard input is what a person types, but for lines of descriptor 3: "ROWS COLUMNS" there changes the
 * size. The end of standard input is not passed on (a terminal has no end; type ^D). Exits with the command's status,
 * or 128 + the signal that killed it, once everything the terminal showed was written.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "terminal: %s: %s\n", what, strerror(errno));
    exit(125);
}

static void write_all(int fd, const char *bytes, ssize_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, (size_t)length);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            die("write");
        }
        bytes += n;
        length -= n;
    }
}

static void resize(int terminal, char *line)
{
    struct winsize size = {0};
    if (sscanf(line, "%hu %hu", &size.ws_row, &size.ws_col) == 2 && ioctl(terminal, TIOCSWINSZ, &size))
        die("TIOCSWINSZ");
}

/* Returns 0 at the end of what fd gives; a terminal whose other side is closed gives EIO. */
static ssize_t take(int fd, char *buffer, size_t size)
{
    ssize_t n = read(fd, buffer, size);
    if (n < 0 && errno != EIO)
        die("read");
    return n < 0 ? 0 : n;
}

int main(int argc, char **argv)
{
    struct winsize size = {0};
    char buffer[65536];
    int terminal, status;
    if (argc < 4)
        return 2;
    size.ws_row = (unsigned short)atoi(argv[1]);
    size.ws_col = (unsigned short)atoi(argv[2]);
    int has_sizes = fcntl(3, F_GETFD) >= 0;
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    if (pid < 0)
        die("forkpty");
    if (!pid) {
        if (has_sizes)
            close(3);
        execvp(argv[3], argv + 3);
        die(argv[3]);
    }
    struct pollfd files[] = {{terminal, POLLIN, 0}, {0, POLLIN, 0}, {has_sizes ? 3 : -1, POLLIN, 0}};
    for (;;) {
        if (poll(files, 3, -1) < 0) {
            if (errno == EINTR)
                continue;
            die("poll");
        }
        if (files[0].revents) {
            ssize_t n = take(terminal, buffer, sizeof buffer);
            if (!n)
                break;
            write_all(1, buffer, n);
        }
        if (files[1].revents) {
            ssize_t n = take(0, buffer, sizeof buffer);
            if (n)
                write_all(terminal, buffer, n);
            else
                files[1].fd = -1;
        }
        if (files[2].revents) {
            ssize_t n = take(3, buffer, sizeof buffer - 1);
            buffer[n] = 0;
            if (n)
                resize(terminal, buffer);
            else
                files[2].fd = -1;
        }
    }
    if (waitpid(pid, &status, 0) < 0)
        die("waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
