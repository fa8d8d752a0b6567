#include "signals.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* signals that end or bother a program, without the kernel's faults and without job control */
static void add_proxied(sigset_t *set)
{
    static const int plain[] = {SIGINT,    SIGQUIT, SIGUSR1,   SIGUSR2,   SIGTERM, SIGALRM, SIGPWR,
                                SIGVTALRM, SIGPROF, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGIO};

    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        sigaddset(set, plain[i]);
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++)
        sigaddset(set, signal);
}

/* A shell's background job ignores SIGINT, too, but docker's client passes it on all the same. */
static bool survives_hangup(void)
{
    struct sigaction action;

    return sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int signals_open(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    add_proxied(&set);
    if (!survives_hangup())
        sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGWINCH);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int signals_next(int fd)
{
    struct signalfd_siginfo info;

    return read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info) ? (int)info.ssi_signo : 0;
}

_Noreturn void signals_die(int number)
{
    sigset_t set;

    signal(number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    exit(128 + number);
}
