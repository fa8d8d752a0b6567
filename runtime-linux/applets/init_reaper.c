/*
 * The reaper (run --init): pid 1 stays this process, forwards signals to the program, which is its
 * child, reaps what is orphaned, and ends as the program did: status, or 128 + signal.
 */
#define _GNU_SOURCE
#include "init.h"

#include "lib/kernel.h"
#include "lib/title.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* reaps all that ended; ends with the program */
static void reap(pid_t program)
{
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, WNOHANG);

        if (pid <= 0)
            return;
        if (pid == program)
            _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
}

static _Noreturn void forward(pid_t program, const sigset_t *all)
{
    for (;;) {
        siginfo_t info;
        int signal = sigwaitinfo(all, &info);

        if (signal == SIGCHLD)
            reap(program);
        else if (signal > 0 && signal != SIGTTIN && signal != SIGTTOU)
            kill(program, signal);
    }
}

/* the program is a group of its own and the one in front of the terminal */
static void become_foreground(bool console)
{
    setpgid(0, 0);
    if (!console)
        return;
    signal(SIGTTOU, SIG_IGN);
    tcsetpgrp(STDIN_FILENO, getpid());
    signal(SIGTTOU, SIG_DFL);
}

void init_stay_as_reaper(struct init *init)
{
    sigset_t all;
    sigset_t none;
    pid_t program;

    sigfillset(&all);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &all, NULL);
    prctl(PR_SET_NAME, "felucca-init"); /* what ps shows, instead of the monitor's name */
    title_set("felucca-init", NULL);
    program = fork();
    if (program < 0) {
        fail(&init->failure, errno, "cannot fork below the reaper");
        init_fail(init, errno);
    }
    if (program == 0) {
        become_foreground(init->console);
        sigprocmask(SIG_SETMASK, &none, NULL);
        return;
    }
    /* the channel must be the child's alone, so that its end of file says that execve succeeded */
    k_close_range(3, UINT_MAX, 0);
    forward(program, &all);
}
