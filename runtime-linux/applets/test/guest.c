/* The program that runs inside test containers: says what it sees, does what it is told. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int cat(const char *path)
{
    int fd = path ? open(path, O_RDONLY) : 0;
    char buffer[65536];
    ssize_t n;

    if (fd < 0) {
        printf("errno %d\n", errno);
        return 1;
    }
    while ((n = read(fd, buffer, sizeof buffer)) > 0)
        for (ssize_t done = 0; done < n;) {
            ssize_t w = write(1, buffer + done, (size_t)(n - done));

            if (w < 0)
                return 2;
            done += w;
        }
    return n < 0 ? 3 : 0;
}

/* bytes 0..250 over and over: loss or change of order shows */
static int flood(size_t total)
{
    unsigned char buffer[65536];
    size_t at = 0;

    while (at < total) {
        size_t n = sizeof buffer < total - at ? sizeof buffer : total - at;
        size_t done = 0;

        for (size_t i = 0; i < n; i++)
            buffer[i] = (unsigned char)((at + i) % 251);
        while (done < n) {
            ssize_t w = write(1, buffer + done, n - done);

            if (w < 0)
                return 1;
            done += (size_t)w;
        }
        at += n;
    }
    return 0;
}

static int status(void)
{
    char line[256];
    FILE *file = fopen("/proc/self/status", "r");

    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "Cap", 3) == 0 || strncmp(line, "NoNewPrivs", 10) == 0 ||
            strncmp(line, "Seccomp:", 8) == 0 || strncmp(line, "Uid", 3) == 0 ||
            strncmp(line, "Gid", 3) == 0 || strncmp(line, "Groups", 6) == 0 ||
            strncmp(line, "Umask", 5) == 0 || strncmp(line, "SigBlk", 6) == 0 ||
            strncmp(line, "SigIgn", 6) == 0)
            fputs(line, stdout);
    return 0;
}

static int describe(const char *path)
{
    struct stat st;
    char text[256];
    ssize_t n;

    if (lstat(path, &st) < 0) {
        printf("%s errno %d\n", path, errno);
        return 0;
    }
    printf("%s %o %u:%u %u:%u", path, st.st_mode, st.st_uid, st.st_gid, major(st.st_rdev),
           minor(st.st_rdev));
    n = readlink(path, text, sizeof text - 1);
    if (n > 0) {
        text[n] = '\0';
        printf(" -> %s", text);
    }
    printf("\n");
    return 0;
}

static int descriptors(void)
{
    for (int fd = 0; fd < 256; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            printf("%d ", fd);
    printf("\n");
    return 0;
}

static int terminal(void)
{
    struct winsize size = {0};

    printf("tty %d %d %d\n", isatty(0), isatty(1), isatty(2));
    ioctl(0, TIOCGWINSZ, &size);
    printf("size %d %d\n", size.ws_row, size.ws_col);
    printf("name %s\n", ttyname(0) ? ttyname(0) : "none");
    printf("foreground %d\n", tcgetpgrp(0) == getpgrp());
    return 0;
}

static void got(int signal)
{
    printf("signal %d\n", signal);
    fflush(stdout);
    _exit(40 + signal);
}

static _Noreturn void wait_signal(void)
{
    signal(SIGTERM, got);
    signal(SIGUSR1, got);
    signal(SIGWINCH, got);
    printf("ready\n");
    fflush(stdout);
    for (;;)
        pause();
}

static int names(void)
{
    struct utsname uts;
    char cwd[256];

    uname(&uts);
    printf("host %s\ndomain %s\npid %d\nsid %d\ncwd %s\n", uts.nodename, uts.domainname, getpid(),
           getsid(0), getcwd(cwd, sizeof cwd) ? cwd : "none");
    return 0;
}

static int limits(int resource)
{
    struct rlimit limit;

    getrlimit(resource, &limit);
    printf("limit %llu %llu\n", (unsigned long long)limit.rlim_cur,
           (unsigned long long)limit.rlim_max);
    return 0;
}

/* leaves a grandchild that holds stdout after this process has ended */
static int leave_child(int seconds)
{
    if (fork() == 0) {
        sleep((unsigned)seconds);
        _exit(0);
    }
    printf("left\n");
    return 0;
}

static int scheduling(void)
{
    char oom[16] = "";
    FILE *file = fopen("/proc/self/oom_score_adj", "r");
    cpu_set_t cpus;

    sched_getaffinity(0, sizeof cpus, &cpus);
    printf("policy %d nice %d\nio %ld\ncpus %d\npersonality %x\n",
           (int)syscall(SYS_sched_getscheduler, 0), getpriority(PRIO_PROCESS, 0),
           syscall(SYS_ioprio_get, 1, 0), CPU_COUNT(&cpus), (unsigned)personality(0xffffffff));
    if (file && fgets(oom, sizeof oom, file))
        printf("oom %s", oom);
    return 0;
}

static int uptime(void)
{
    struct timespec now;

    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    printf("%ld\n", (long)now.tv_sec);
    return 0;
}

static int consume(size_t bytes)
{
    char *at = malloc(bytes);

    for (size_t i = 0; at && i < bytes; i += 4096)
        at[i] = 1;
    printf("survived\n");
    return 0;
}

/* the verbs; each gets the arguments after its name, at least one of them, which may be NULL */
static int do_exit(char **args)
{
    return args[0] ? atoi(args[0]) : 0;
}

static int do_cat(char **args)
{
    int rc = cat(*args); /* of stdin when nothing is named */

    while (rc == 0 && *args && *++args)
        rc = cat(*args);
    return rc;
}

static int do_flood(char **args)
{
    return flood(strtoull(args[0], NULL, 10));
}

/* late enough for the monitor to have settled */
static int do_late_flood(char **args)
{
    usleep(200000);
    return do_flood(args);
}

static int do_status(char **args)
{
    (void)args;
    return status();
}

static int do_stat(char **args)
{
    while (*args)
        describe(*args++);
    return 0;
}

static int do_fds(char **args)
{
    (void)args;
    return descriptors();
}

static int do_tty(char **args)
{
    (void)args;
    return terminal();
}

static int do_wait(char **args)
{
    (void)args;
    wait_signal();
}

static int do_names(char **args)
{
    (void)args;
    return names();
}

static int do_limit(char **args)
{
    return limits(atoi(args[0]));
}

static int do_leave(char **args)
{
    return leave_child(atoi(args[0]));
}

static int do_scheduling(char **args)
{
    (void)args;
    return scheduling();
}

static int do_uptime(char **args)
{
    (void)args;
    return uptime();
}

static int do_consume(char **args)
{
    return consume(strtoull(args[0], NULL, 10));
}

static int do_write(char **args)
{
    int fd = open(args[0], O_WRONLY | O_CREAT, 0644);

    printf("write %d\n", fd < 0 || write(fd, "x", 1) < 0 ? errno : 0);
    return 0;
}

static int do_env(char **args)
{
    extern char **environ;

    (void)args;
    for (char **e = environ; *e; e++)
        puts(*e);
    return 0;
}

static int do_mkdir(char **args)
{
    printf("mkdir %d\n", mkdir(args[0], 0755) < 0 ? errno : 0);
    return 0;
}

static int do_both(char **args)
{
    (void)args;
    fprintf(stderr, "to stderr\n");
    printf("to stdout\n");
    return 0;
}

static int do_sleep(char **args)
{
    sleep((unsigned)atoi(args[0]));
    return 0;
}

static int do_print(char **args)
{
    fputs(args[0], stdout);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(char **args);
} verbs[] = {
    {"exit", do_exit},
    {"cat", do_cat},
    {"flood", do_flood},
    {"late-flood", do_late_flood},
    {"status", do_status},
    {"stat", do_stat},
    {"fds", do_fds},
    {"tty", do_tty},
    {"wait", do_wait},
    {"names", do_names},
    {"limit", do_limit},
    {"leave", do_leave},
    {"scheduling", do_scheduling},
    {"uptime", do_uptime},
    {"consume", do_consume},
    {"write", do_write},
    {"env", do_env},
    {"mkdir", do_mkdir},
    {"both", do_both},
    {"sleep", do_sleep},
    {"print", do_print},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argv + 2);
    return 99;
}
