/*
 * felucca: the client. It knows how to reach the daemon and nothing about commands; arguments,
 * help and output are the daemon's. See docs/spec/command-protocol.md.
 */
#include "hello.h"
#include "session.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DEFAULT_ADDRESS "unix:///run/felucca/felucca.sock"
#define STATUS_UNREACHABLE 125

extern char **environ;

/* sets value from "--name VALUE" or "--name=VALUE" and returns how many arguments that took */
static int take_option(char **arguments, const char *name, const char **value)
{
    size_t length = strlen(name);

    if (strncmp(arguments[0], name, length) != 0)
        return 0;
    if (arguments[0][length] == '=') {
        *value = arguments[0] + length + 1;
        return 1;
    }
    if (arguments[0][length] != '\0')
        return 0;
    if (arguments[1] == NULL) {
        fprintf(stderr, "felucca: option %s: value missing; give one after a space or '='\n", name);
        exit(STATUS_UNREACHABLE);
    }
    *value = arguments[1];
    return 2;
}

static const char *default_from(const char *variable, const char *fallback)
{
    const char *value = getenv(variable);

    return value != NULL && value[0] != '\0' ? value : fallback;
}

static int unreachable(const char *address, int error)
{
    const char *fix = "start it with felucca-daemon";
    char reason[64];

    if (error == EACCES || error == EPERM)
        fix = "run as root, or as a member of the group that owns the socket";
    else if (error == EPIPE || error == ECONNRESET)
        fix = "see its log";
    else if (error == E2BIG)
        fix = "arguments and environment may have 4 MiB";
    snprintf(reason, sizeof(reason), "%s", strerror(error));
    reason[0] = (char)tolower((unsigned char)reason[0]);
    fprintf(stderr, "felucca: cannot reach the daemon at %s: %s; %s\n", address, reason, fix);
    return STATUS_UNREACHABLE;
}

/* a connected socket, or -errno */
static int connect_to(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(name.sun_path))
        return -ENAMETOOLONG;
    strcpy(name.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    while (connect(fd, (struct sockaddr *)&name, sizeof(name)) < 0) {
        if (errno != EINTR) {
            int error = errno;

            close(fd);
            return -error;
        }
    }
    return fd;
}

static const char *socket_path(const char *address)
{
    static const char scheme[] = "unix://";

    if (strncmp(address, scheme, sizeof(scheme) - 1) == 0)
        address += sizeof(scheme) - 1;
    return address[0] == '/' ? address : NULL;
}

static int call(const char *address, const char *namespace, char **arguments)
{
    const char *path = socket_path(address);
    int pair[2];
    int fd, result;

    if (path == NULL) {
        fprintf(stderr,
                "felucca: cannot reach the daemon at %s: not an address; "
                "give one such as " DEFAULT_ADDRESS "\n",
                address);
        return STATUS_UNREACHABLE;
    }
    fd = connect_to(path);
    if (fd < 0)
        return unreachable(address, -fd);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return unreachable(address, errno);
    result = hello_send(fd, pair[1], namespace, arguments, environ);
    close(pair[1]);
    /* a daemon that refuses closes early: its reason is still to be read */
    if (result < 0 && result != -EPIPE && result != -ECONNRESET)
        return unreachable(address, -result);
    return session_run(fd, pair[0], arguments);
}

int main(int argc, char **argv)
{
    const char *address = default_from("FELUCCA_ADDRESS", DEFAULT_ADDRESS);
    const char *namespace = default_from("FELUCCA_NAMESPACE", "default");
    char **arguments = argv + (argc > 0 ? 1 : 0);

    while (arguments[0] != NULL) {
        int taken = take_option(arguments, "--address", &address);

        if (taken == 0)
            taken = take_option(arguments, "--namespace", &namespace);
        if (taken == 0)
            break;
        arguments += taken;
    }
    return call(address, namespace, arguments);
}
