/*
 * stopwatch: runs commands in turns, times each from its start to the reaping of it, and prints minimum, median, 99th
 * percentile and the ratio to the first command.
 *
 *   stopwatch [-r ROW] [-w WARMUP] [-n ROUNDS] [-p PARALLEL -t TIMES] [-u PID] [-b SCRIPT] [-j FILE]
 *             -- NAME COMMAND [ARG...] [-- NAME COMMAND [ARG...]]...
 *
 * In every round each command runs once, in the order given, so that what disturbs the machine disturbs all of them.
 * WARMUP rounds come first and are not counted. With PARALLEL above 1, ROUNDS copies of a command, PARALLEL at a time,
 * are one sample, of which TIMES are taken. With -u, rounds go on until process PID has ended. With -b, SCRIPT runs in a
 * shell before each single copy, with the command's name as $0, and is not timed.
 * In an argument %n becomes a number never used before, %s the copy's slot (0 to PARALLEL - 1), %r the number of the round
 * or sample, %i that of the copy in it: with these the commands of a round can be the life of one container.
 *
 * A name STEP:WHO makes STEP the row; one that begins with a parenthesis is run and not reported. The command "@await FILE" stays until the process whose id is in FILE has ended, and
 * is no sample.
 *
 * A command that does not exit with 0 ends the run with its error output: a failure is not a fast success.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MAX_COMMANDS = 64, MAX_PARALLEL = 64, MAX_ARGUMENTS = 256 };

struct command {
    const char *name;
    char **argv;
    double *samples; /* milliseconds */
    size_t count, room;
};

static struct command commands[MAX_COMMANDS];
static size_t command_count;
static unsigned long serial;
static int round_number;
static const char *before;
static int error_fd = -1;

static void die(const char *what)
{
    fprintf(stderr, "stopwatch: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Returns a copy with %n, %s, %r and %i replaced; the caller frees it. */
static char *expand(const char *argument, int slot, int copy)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        die("open_memstream");
    for (const char *p = argument; *p; p++) {
        if (p[0] == '%' && p[1] == 'n') {
            fprintf(out, "%d-%lu", (int)getpid(), serial);
            p++;
        } else if (p[0] == '%' && p[1] == 's') {
            fprintf(out, "%d", slot);
            p++;
        } else if (p[0] == '%' && p[1] == 'r') {
            fprintf(out, "%d", round_number);
            p++;
        } else if (p[0] == '%' && p[1] == 'i') {
            fprintf(out, "%d", copy);
            p++;
        } else {
            fputc(*p, out);
        }
    }
    if (fclose(out))
        die("open_memstream");
    return text;
}

static pid_t launch(const struct command *command, int slot, int copy)
{
    char *argv[MAX_ARGUMENTS + 1];
    size_t n = 0;
    serial++;
    for (; command->argv[n] && n < MAX_ARGUMENTS; n++)
        argv[n] = expand(command->argv[n], slot, copy);
    argv[n] = NULL;

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, error_fd, 2);
    pid_t pid;
    int error = posix_spawnp(&pid, argv[0], &files, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    for (size_t i = 0; i < n; i++)
        free(argv[i]);
    if (error) {
        errno = error;
        die(command->argv[0]);
    }
    return pid;
}

static void print_errors(void)
{
    char buffer[4096];
    ssize_t n;
    lseek(error_fd, 0, SEEK_SET);
    while ((n = read(error_fd, buffer, sizeof buffer)) > 0)
        fwrite(buffer, 1, (size_t)n, stderr);
}

static void require_success(const struct command *command, int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    print_errors();
    if (WIFSIGNALED(status))
        fprintf(stderr, "stopwatch: %s was killed by signal %d\n", command->name, WTERMSIG(status));
    else
        fprintf(stderr, "stopwatch: %s exited with %d\n", command->name, WEXITSTATUS(status));
    exit(1);
}

static void await(const struct command *command, pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            die("waitpid");
    require_success(command, status);
}

static void prepare(const struct command *command)
{
    char *argv[] = {"sh", "-c", (char *)before, (char *)command->name, NULL};
    struct command script = {.name = "the script before it", .argv = argv};
    await(&script, launch(&script, 0, 0));
}

static int is_await(const struct command *command)
{
    return strcmp(command->argv[0], "@await") == 0 && command->argv[1];
}

/* Stays until the process has ended; one that is gone already has. */
static void await_end(const struct command *command, int copy)
{
    char *path = expand(command->argv[1], 0, copy);
    FILE *file = fopen(path, "r");
    int pid;
    if (!file || fscanf(file, "%d", &pid) != 1)
        die(path);
    fclose(file);
    free(path);
    struct pollfd end = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    if (end.fd < 0 && errno == ESRCH)
        return;
    if (end.fd < 0 || poll(&end, 1, 30000) != 1)
        die("a process does not end");
    close(end.fd);
}

/* Runs one copy. */
static double run_once(const struct command *command)
{
    if (before)
        prepare(command);
    double start = now_ms();
    await(command, launch(command, 0, 0));
    return now_ms() - start;
}

/* Runs total copies, parallel at a time. */
static double run_many(const struct command *command, int total, int parallel)
{
    pid_t running[MAX_PARALLEL] = {0};
    int started = 0, ended = 0;
    double start = now_ms();
    for (; started < parallel && started < total; started++)
        running[started] = launch(command, started, started);
    while (ended < total) {
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid < 0) {
            if (errno == EINTR)
                continue;
            die("waitpid");
        }
        require_success(command, status);
        ended++;
        for (int slot = 0; slot < parallel; slot++) {
            if (running[slot] != pid)
                continue;
            running[slot] = 0;
            if (started < total) {
                running[slot] = launch(command, slot, started);
                started++;
            }
        }
    }
    return now_ms() - start;
}

static void record(struct command *command, double sample)
{
    if (command->count == command->room) {
        command->room = command->room ? command->room * 2 : 256;
        command->samples = realloc(command->samples, command->room * sizeof *command->samples);
        if (!command->samples)
            die("realloc");
    }
    command->samples[command->count++] = sample;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The smallest sample that at least this share of the samples does not exceed. */
static double percentile(const struct command *command, double share)
{
    size_t rank = (size_t)(share * (double)command->count);
    if ((double)rank < share * (double)command->count)
        rank++;
    return command->samples[rank ? rank - 1 : 0];
}

/* The row of a name STEP:WHO, or the one for all; *who is the rest. */
static size_t split(const char *name, const char *row, const char **step, const char **who)
{
    const char *colon = strchr(name, ':');
    *step = colon ? name : row;
    *who = colon ? colon + 1 : name;
    return colon ? (size_t)(colon - name) : strlen(row);
}

/* The median of the first command of the same row. */
static double base_of(size_t index, const char *row)
{
    const char *step, *other, *who;
    size_t length = split(commands[index].name, row, &step, &who);
    for (size_t i = 0; i < index; i++)
        if (commands[i].count && split(commands[i].name, row, &other, &who) == length &&
            !strncmp(step, other, length))
            return percentile(&commands[i], 0.5);
    return percentile(&commands[index], 0.5);
}

static void report(const char *row, const char *json)
{
    FILE *lines = json ? fopen(json, "a") : NULL;
    if (json && !lines)
        die(json);
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].count)
            qsort(commands[i].samples, commands[i].count, sizeof *commands[i].samples, ascending);
    for (size_t i = 0; i < command_count; i++) {
        struct command *command = &commands[i];
        const char *step, *who;
        if (!command->count || command->name[0] == '(')
            continue;
        int length = (int)split(command->name, row, &step, &who);
        double median = percentile(command, 0.5), ratio = median / base_of(i, row);
        printf("%-22.*s %-12s %9.2f %9.2f %9.2f %8.2f %7zu\n", length, step, who, command->samples[0], median,
               percentile(command, 0.99), ratio, command->count);
        if (lines)
            fprintf(lines,
                    "{\"row\":\"%.*s\",\"name\":\"%s\",\"min_ms\":%.3f,\"median_ms\":%.3f,\"p99_ms\":%.3f,"
                    "\"ratio\":%.3f,\"samples\":%zu}\n",
                    length, step, who, command->samples[0], median, percentile(command, 0.99), ratio,
                    command->count);
    }
    if (lines && fclose(lines))
        die(json);
}

static int number(const char *text, int least)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || *end || end == text || value < least || value > 100000000) {
        fprintf(stderr, "stopwatch: '%s' is not a number from %d up\n", text, least);
        exit(2);
    }
    return (int)value;
}

static void usage(void)
{
    fputs("usage: stopwatch [-r ROW] [-w WARMUP] [-n ROUNDS] [-p PARALLEL -t TIMES] [-u PID] [-b SCRIPT] [-j FILE]"
          " -- NAME COMMAND [ARG...] [-- NAME COMMAND [ARG...]]...\n",
          stderr);
    exit(2);
}

/* Splits what follows the options at each "--". */
static void parse_commands(char **argument)
{
    while (*argument) {
        if (command_count == MAX_COMMANDS || !argument[1] || !strcmp(argument[1], "--"))
            usage();
        struct command *command = &commands[command_count++];
        command->name = *argument++;
        command->argv = argument;
        while (*argument && strcmp(*argument, "--"))
            argument++;
        if (*argument)
            *argument++ = NULL;
    }
    if (!command_count)
        usage();
}

/* A process that has ended but was not waited for has ended all the same, which kill(pid, 0) would not tell. */
static int has_ended(int pidfd)
{
    struct pollfd wait = {.fd = pidfd, .events = POLLIN};
    return poll(&wait, 1, 0) == 1;
}

static void round_robin(int keep)
{
    for (size_t c = 0; c < command_count; c++) {
        if (is_await(&commands[c])) {
            await_end(&commands[c], 0);
            continue;
        }
        double sample = run_once(&commands[c]);
        if (keep)
            record(&commands[c], sample);
    }
    round_number++;
}

static void side_by_side(int copies, int parallel)
{
    for (size_t c = 0; c < command_count; c++) {
        if (!is_await(&commands[c]))
            record(&commands[c], run_many(&commands[c], copies, parallel));
        for (int copy = 0; copy < copies && is_await(&commands[c]); copy++)
            await_end(&commands[c], copy);
    }
    round_number++;
}

static void measure(int warmup, int rounds, int parallel, int times, int pidfd)
{
    for (int i = 0; i < warmup; i++)
        round_robin(0);
    if (parallel > 1) {
        for (int i = 0; i < times; i++)
            side_by_side(rounds, parallel);
        return;
    }
    for (int i = 0; pidfd >= 0 ? !has_ended(pidfd) : i < rounds; i++)
        round_robin(1);
}

int main(int argc, char **argv)
{
    const char *row = "run", *json = NULL;
    int warmup = 0, rounds = 1, parallel = 1, times = 1, pidfd = -1, option;
    while ((option = getopt(argc, argv, "+r:w:n:p:t:j:u:b:")) != -1) {
        switch (option) {
        case 'r': row = optarg; break;
        case 'w': warmup = number(optarg, 0); break;
        case 'n': rounds = number(optarg, 1); break;
        case 'p': parallel = number(optarg, 1); break;
        case 'b': before = optarg; break;
        case 'j': json = optarg; break;
        case 't': times = number(optarg, 1); break;
        case 'u':
            pidfd = (int)syscall(SYS_pidfd_open, number(optarg, 1), 0);
            if (pidfd < 0)
                die(optarg);
            break;
        default: usage();
        }
    }
    if (parallel > MAX_PARALLEL)
        usage();
    parse_commands(argv + optind);
    error_fd = open("/tmp", O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
    if (error_fd < 0)
        die("/tmp");
    measure(warmup, rounds, parallel, times, pidfd);
    report(row, json);
    return 0;
}
