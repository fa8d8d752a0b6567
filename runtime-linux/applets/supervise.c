#define _GNU_SOURCE
#include "supervise.h"

#include "applets.h"
#include "lib/clock.h"
#include "lib/fd.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEADY_MS 60000 /* a JVM that ran that long has not crashed in a row */
#define JVM_REFUSES 2   /* exit status of a JVM that cannot use its command line or settings */
#define SPAWN_STEADY_MS 10000
#define SPAWN_CRASHES_MAX 5
#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS 10000

static int usage(void)
{
    fputs("usage: supervise --state DIR [--root DIR] [--pid-file PATH]\n"
          "       [--listen name=PATH[,mode=0660][,group=NAME|GID][,backlog=N]]...\n"
          "       [--stop-timeout SECONDS] [--restart-limit N] [--spare ARGUMENT]...\n"
          "       -- COMMAND...\n",
          stderr);
    return 2;
}

static bool parse_number(const char *text, unsigned long limit, unsigned long *value)
{
    char *end;

    errno = 0;
    *value = strtoul(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *value <= limit;
}

/* 0, 1: bad value with a message, 2: usage */
static int parse_options(struct supervise *supervise, int argc, char **argv)
{
    static const struct option options[] = {{"state", required_argument, NULL, 's'},
                                            {"root", required_argument, NULL, 'R'},
                                            {"pid-file", required_argument, NULL, 'p'},
                                            {"listen", required_argument, NULL, 'l'},
                                            {"stop-timeout", required_argument, NULL, 't'},
                                            {"restart-limit", required_argument, NULL, 'r'},
                                            {"spare", required_argument, NULL, 'a'},
                                            {NULL, 0, NULL, 0}};
    struct failure failure;
    unsigned long number;
    int option;

    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        if (option == 's') {
            supervise->state = optarg;
        } else if (option == 'R') {
            supervise->root = optarg;
        } else if (option == 'p') {
            supervise->pid_file = optarg;
        } else if (option == 'l') {
            if (listen_parse(supervise, optarg, &failure) < 0) {
                fprintf(stderr, "supervise: %s\n", failure.text);
                return 1;
            }
        } else if (option == 'a' && supervise->spared_count < SPARED_MAX) {
            supervise->spared[supervise->spared_count++] = optarg;
        } else if (option == 't' && parse_number(optarg, 86400, &number)) {
            supervise->stop_timeout_ms = number * 1000;
        } else if (option == 'r' && parse_number(optarg, 1000000, &number)) {
            supervise->restart_limit = (unsigned)number;
        } else {
            return usage();
        }
    }
    if (!supervise->state || optind >= argc)
        return usage();
    supervise->command = argv + optind;
    return 0;
}

static int block_signals(struct supervise *supervise, struct failure *failure)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigdelset(&set, SIGPIPE);
    supervise->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (supervise->signals < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
        return fail(failure, errno, "cannot set up signals");
    return 0;
}

static uint64_t backoff(unsigned crashes)
{
    uint64_t delay = BACKOFF_FIRST_MS;

    if (crashes <= 1)
        return 0;
    for (unsigned i = 2; i < crashes && delay < BACKOFF_MAX_MS; i++)
        delay *= 2;
    return delay < BACKOFF_MAX_MS ? delay : BACKOFF_MAX_MS;
}

static void begin_stop(struct supervise *supervise)
{
    if (supervise->stopping)
        return;
    supervise->stopping = true;
    supervise->restart_at = 0;
    if (supervise->jvm > 0) {
        kill(supervise->jvm, SIGTERM);
        supervise->kill_at = clock_ms() + supervise->stop_timeout_ms;
    }
}

/* how the JVM's end reads as an exit status of a process */
static int plain_status(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* a JVM that crashes may have done so because of them: a damaged archive of its classes */
static void do_without_spared(struct supervise *supervise)
{
    char **kept = supervise->command;

    for (char **at = supervise->command; *at; at++) {
        bool spare = false;

        for (int i = 0; i < supervise->spared_count; i++)
            spare |= strcmp(*at, supervise->spared[i]) == 0;
        if (spare)
            fprintf(stderr, "supervise: trying without %s\n", *at);
        else
            *kept++ = *at;
    }
    *kept = NULL;
    supervise->spared_count = 0;
}

static void jvm_ended(struct supervise *supervise, int status)
{
    int plain = plain_status(status);
    bool steady = clock_ms() - supervise->jvm_since >= STEADY_MS;

    supervise->jvm = 0;
    supervise->kill_at = 0;
    if (supervise->stopping) {
        /* a JVM that obeys SIGTERM ends with 143 after its shutdown hooks */
        bool clean = plain == 0 || plain == 128 + SIGTERM;

        supervise->status = supervise->killed ? 128 + SIGKILL : clean ? 0 : plain;
        return;
    }
    /* its own message has said why it refuses to start: nothing gets better by trying again */
    if (plain == 0 || plain == JVM_REFUSES) {
        supervise->stopping = true;
        supervise->status = plain;
        return;
    }
    supervise->crashes = steady ? 1 : supervise->crashes + 1;
    if (supervise->crashes > supervise->restart_limit) {
        fprintf(stderr, "supervise: %s ended with %d, %u times in a row; giving up\n",
                supervise->command[0], plain, supervise->crashes);
        supervise->stopping = true;
        supervise->status = plain;
        return;
    }
    fprintf(stderr, "supervise: %s ended with %d; restarting in %u ms\n", supervise->command[0],
            plain, (unsigned)backoff(supervise->crashes));
    supervise->restart_at = clock_ms() + backoff(supervise->crashes);
    /* one that was killed has not crashed by itself */
    if (!steady && plain != 128 + SIGKILL && supervise->spared_count > 0)
        do_without_spared(supervise);
}

/* a spawn that cannot live ends the daemon; one that died once is replaced */
static int spawn_ended(struct supervise *supervise, int status, struct failure *failure)
{
    bool steady = clock_ms() - supervise->spawn_since >= SPAWN_STEADY_MS;

    supervise->spawn = 0;
    supervise->spawn_crashes = steady ? 1 : supervise->spawn_crashes + 1;
    if (supervise->spawn_crashes > SPAWN_CRASHES_MAX)
        return fail_plain(failure, ECHILD, "spawn ended with %d, %u times in a row",
                          plain_status(status), supervise->spawn_crashes);
    fprintf(stderr, "supervise: spawn ended with %d; starting another\n", plain_status(status));
    return child_start_spawn(supervise, failure);
}

/* others are monitors and inits whose parent has ended */
static int reap(struct supervise *supervise, struct failure *failure)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == supervise->jvm)
            jvm_ended(supervise, status);
        else if (pid == supervise->spawn && spawn_ended(supervise, status, failure) < 0)
            return -1;
    }
    return 0;
}

static int take_signals(struct supervise *supervise, struct failure *failure)
{
    struct signalfd_siginfo info;

    while (read(supervise->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGCHLD && reap(supervise, failure) < 0)
            return -1;
        if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
            begin_stop(supervise);
        if (info.ssi_signo == SIGHUP && supervise->jvm > 0)
            kill(supervise->jvm, SIGHUP);
    }
    return 0;
}

static int keep_time(struct supervise *supervise, struct failure *failure)
{
    uint64_t now = clock_ms();

    if (supervise->kill_at && supervise->kill_at <= now) {
        fprintf(stderr, "supervise: %s did not stop in time; killing it\n", supervise->command[0]);
        supervise->kill_at = 0;
        supervise->killed = true;
        kill(supervise->jvm, SIGKILL);
    }
    if (supervise->restart_at && supervise->restart_at <= now) {
        supervise->restart_at = 0;
        return child_start_jvm(supervise, failure);
    }
    return 0;
}

static int loop(struct supervise *supervise, struct failure *failure)
{
    while (!supervise->stopping || supervise->jvm > 0) {
        struct pollfd signals = {.fd = supervise->signals, .events = POLLIN};
        uint64_t next = supervise->kill_at ? supervise->kill_at : supervise->restart_at;

        if (poll(&signals, 1, clock_wait(next)) < 0 && errno != EINTR)
            return fail(failure, errno, "cannot wait");
        if (take_signals(supervise, failure) < 0 || keep_time(supervise, failure) < 0)
            return -1;
    }
    return 0;
}

/* an error on the way out: the JVM must not stay behind */
static void kill_jvm(struct supervise *supervise)
{
    if (supervise->jvm > 0) {
        kill(supervise->jvm, SIGKILL);
        waitpid(supervise->jvm, NULL, 0);
        supervise->jvm = 0;
    }
}

int supervise_main(int argc, char **argv)
{
    struct supervise supervise = {.lock = -1,
                                  .root_lock = -1,
                                  .stop_timeout_ms = 30000,
                                  .restart_limit = 10,
                                  .signals = -1,
                                  .spawn_link = -1,
                                  .spawn_end = -1};
    struct failure failure;
    int rc = parse_options(&supervise, argc, argv);

    if (rc != 0)
        return rc;
    if (block_signals(&supervise, &failure) < 0 || state_take(&supervise, &failure) < 0) {
        fprintf(stderr, "supervise: %s\n", failure.text);
        return 1;
    }
    rc = listen_bind_all(&supervise, &failure);
    if (rc == 0)
        rc = child_start_spawn(&supervise, &failure);
    if (rc == 0)
        rc = child_start_jvm(&supervise, &failure);
    if (rc == 0)
        rc = loop(&supervise, &failure);
    if (rc < 0) {
        fprintf(stderr, "supervise: %s\n", failure.text);
        kill_jvm(&supervise);
        supervise.status = 1;
    }
    child_end_spawn(&supervise);
    listen_release(&supervise);
    state_release(&supervise);
    return supervise.status;
}
