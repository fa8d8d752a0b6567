/*
 * meter: runs a command once and appends a line to FILE: row, name, seconds, CPU seconds and peak memory in kB, separated by tabs.
 *
 *   meter -r ROW -n NAME -o FILE [-p PID]... -- COMMAND [ARG...]
 *
 * CPU seconds and memory are those of the command and of the processes PID, which work for it, with all their descendants.
 * Memory is the sum of their resident sets, looked at every 50 ms; pages that two of them share count twice.
 *
 * A command that does not exit with 0 ends the run: a failure is not a fast success.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_ROOTS = 16, MAX_PROCESSES = 8192, INTERVAL_MS = 50 };

struct process {
    pid_t pid, parent;
    long ticks; /* of itself and of children that were waited for */
    long pages;
    int ours;
};

static struct process processes[MAX_PROCESSES];
static size_t process_count;

static void die(const char *what)
{
    fprintf(stderr, "meter: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Reads /proc/PID/stat (proc(5)); a process that has ended meanwhile is left out. */
static int read_process(const char *pid, struct process *process)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    const char *rest = strrchr(text, ')'); /* the name before it may hold anything */
    int parent;
    long user, system, child_user, child_system, pages;
    if (!rest || sscanf(rest + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld %ld %ld %*d %*d %*d %*d %*u %*u %ld", &parent,
                        &user, &system, &child_user, &child_system, &pages) != 6)
        return 0;
    *process = (struct process){
        .pid = atoi(pid), .parent = parent, .ticks = user + system + child_user + child_system, .pages = pages};
    return 1;
}

static void look(void)
{
    DIR *proc = opendir("/proc");
    if (!proc)
        die("/proc");
    process_count = 0;
    for (struct dirent *entry; (entry = readdir(proc));)
        if (isdigit((unsigned char)entry->d_name[0]) && process_count < MAX_PROCESSES)
            process_count += (size_t)read_process(entry->d_name, &processes[process_count]);
    closedir(proc);
}

/* Marks the roots' trees. A child may stand before its parent in the list, so it is walked until nothing changes. */
static void mark(const pid_t *roots, size_t root_count)
{
    for (size_t i = 0; i < process_count; i++)
        for (size_t r = 0; r < root_count; r++)
            processes[i].ours |= processes[i].pid == roots[r];
    for (int changed = 1; changed;) {
        changed = 0;
        for (size_t i = 0; i < process_count; i++)
            for (size_t p = 0; p < process_count && !processes[i].ours; p++)
                if (processes[p].ours && processes[p].pid == processes[i].parent)
                    processes[i].ours = changed = 1;
    }
}

static long resident_kb(const pid_t *roots, size_t root_count)
{
    long pages = 0;
    look();
    mark(roots, root_count);
    for (size_t i = 0; i < process_count; i++)
        pages += processes[i].ours ? processes[i].pages : 0;
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static double cpu_seconds(const pid_t *roots, size_t root_count)
{
    long ticks = 0;
    look();
    mark(roots, root_count);
    for (size_t i = 0; i < process_count; i++)
        ticks += processes[i].ours ? processes[i].ticks : 0;
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void usage(void)
{
    fputs("usage: meter -r ROW -n NAME -o FILE [-p PID]... -- COMMAND [ARG...]\n", stderr);
    exit(2);
}

int main(int argc, char **argv)
{
    const char *row = NULL, *name = NULL, *file = NULL;
    pid_t roots[MAX_ROOTS + 1]; /* the command is the last */
    size_t root_count = 0;
    int option;
    while ((option = getopt(argc, argv, "+r:n:o:p:")) != -1) {
        switch (option) {
        case 'r': row = optarg; break;
        case 'n': name = optarg; break;
        case 'o': file = optarg; break;
        case 'p':
            if (root_count == MAX_ROOTS)
                usage();
            roots[root_count++] = atoi(optarg);
            break;
        default: usage();
        }
    }
    if (!row || !name || !file || !argv[optind])
        usage();
    double cpu = cpu_seconds(roots, root_count), start = now();
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (!child) {
        execvp(argv[optind], argv + optind);
        die(argv[optind]);
    }
    struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN};
    if (ended.fd < 0)
        die("pidfd_open");
    long peak = 0;
    roots[root_count] = child;
    do {
        long resident = resident_kb(roots, root_count + 1);
        peak = resident > peak ? resident : peak;
    } while (poll(&ended, 1, INTERVAL_MS) == 0);
    double elapsed = now() - start;
    int status;
    struct rusage usage_of_child;
    if (wait4(child, &status, 0, &usage_of_child) != child)
        die("wait4");
    if (!WIFEXITED(status) || WEXITSTATUS(status)) {
        fprintf(stderr, "meter: %s of %s failed with status %d\n", row, name, status);
        return 1;
    }
    cpu = cpu_seconds(roots, root_count) - cpu + seconds(usage_of_child.ru_utime) + seconds(usage_of_child.ru_stime);
    FILE *out = fopen(file, "ae");
    if (!out || fprintf(out, "%s\t%s\t%.3f\t%.2f\t%ld\n", row, name, elapsed, cpu, peak) < 0 || fclose(out))
        die(file);
    return 0;
}
