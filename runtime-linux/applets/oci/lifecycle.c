/* kill, delete, state, list, pause, resume. */
#define _GNU_SOURCE
#include "lifecycle.h"

#include "cgroup.h"
#include "lib/clock.h"
#include "lib/fd.h"
#include "lib/kernel.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAST_BREATH_MS 10000

static const struct option no_options[] = {{NULL, OPTION_FLAG, NULL}};

static int run_poststop(struct container *container)
{
    struct launch launch;
    uint32_t bad;
    size_t size;
    cleanup_free void *plan = NULL;

    if (!(container->flags & STATE_HOOKS))
        return 0;
    plan = state_load_plan(container, &size);
    if (!plan)
        return say_errno(errno, "cannot read the plan of container %s", container->id);
    launch_init(&launch);
    if (plan_read(&launch.plan, plan, size, &bad, &launch.failure) < 0)
        return say("%s", launch.failure.text);
    /* a hook that fails is told, and the others run */
    for (uint32_t i = launch.plan.exec + 1; i < launch.plan.count; i++) {
        struct plan one = launch.plan;

        one.exec = i - 1;
        one.count = i + 1;
        if (launch_hooks(&one, HOOK_POSTSTOP, 0) < 0)
            report_warning("%s", said());
    }
    return 0;
}

int container_destroy(struct container *container)
{
    if (cgroup_remove(container) < 0 || run_poststop(container) < 0)
        return -1;
    return state_remove(container);
}

struct signal_name {
    const char *name;
    int number;
};

static const struct signal_name signal_names[] = {
    {"ABRT", SIGABRT},     {"ALRM", SIGALRM}, {"BUS", SIGBUS},     {"CHLD", SIGCHLD},
    {"CLD", SIGCHLD},      {"CONT", SIGCONT}, {"FPE", SIGFPE},     {"HUP", SIGHUP},
    {"ILL", SIGILL},       {"INT", SIGINT},   {"IO", SIGIO},       {"IOT", SIGIOT},
    {"KILL", SIGKILL},     {"PIPE", SIGPIPE}, {"POLL", SIGPOLL},   {"PROF", SIGPROF},
    {"PWR", SIGPWR},       {"QUIT", SIGQUIT}, {"SEGV", SIGSEGV},   {"STKFLT", SIGSTKFLT},
    {"STOP", SIGSTOP},     {"SYS", SIGSYS},   {"TERM", SIGTERM},   {"TRAP", SIGTRAP},
    {"TSTP", SIGTSTP},     {"TTIN", SIGTTIN}, {"TTOU", SIGTTOU},   {"URG", SIGURG},
    {"USR1", SIGUSR1},     {"USR2", SIGUSR2}, {"VTALRM", SIGVTALRM}, {"WINCH", SIGWINCH},
    {"XCPU", SIGXCPU},     {"XFSZ", SIGXFSZ},
};

/* a number, or a name with or without SIG, in either case; 0: there is no such signal */
static int parse_signal(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);
    int base = 0;
    const char *offset;

    if (*text && !*end)
        return number > 0 && number <= 64 ? (int)number : 0;
    if (strncasecmp(text, "SIG", 3) == 0)
        text += 3;
    for (size_t i = 0; i < sizeof signal_names / sizeof *signal_names; i++)
        if (strcasecmp(text, signal_names[i].name) == 0)
            return signal_names[i].number;
    offset = text + 5;
    if (strncasecmp(text, "RTMIN", 5) == 0)
        base = 34;
    else if (strncasecmp(text, "RTMAX", 5) == 0)
        base = 64;
    if (!base)
        return 0;
    number = *offset ? strtol(offset, &end, 10) : 0;
    return (!*offset || !*end) && base + number >= 34 && base + number <= 64 ? base + (int)number
                                                                             : 0;
}

static int signal_all(const struct container *container, int number)
{
    pid_t *pids = NULL;
    int count = cgroup_processes(container, &pids);

    for (int i = 0; i < count; i++)
        kill(pids[i], number); /* one that has just ended is no failure */
    free(pids);
    return count < 0 ? -1 : 0;
}

static int signal_container(struct container *container, int number, bool all)
{
    bool frozen = cgroup_frozen(container);
    int rc = all ? signal_all(container, number) : state_signal(container, number);

    if (rc == -ESRCH)
        return say("container %s is not running", container->id);
    if (rc < 0)
        return all ? rc : say_errno(-rc, "cannot signal container %s", container->id);
    /* a frozen process of version 1 ignores even SIGKILL */
    return frozen && number == SIGKILL ? cgroup_freeze(container, false) : 0;
}

int command_kill(int argc, char **argv)
{
    bool all = false;
    const struct option options[] = {{"all,a", OPTION_FLAG, &all}, {NULL, OPTION_FLAG, NULL}};
    int at = options_read(options, argc, argv);
    const char *id = options_id(argc, argv, at, 2);
    const char *name = id && argc - at == 2 ? argv[at + 1] : "TERM";
    int number = parse_signal(name);
    struct container container;

    if (!id || state_load(&container, id) < 0)
        return 1;
    if (number == 0) {
        say("unknown signal '%s'; give a name as SIGTERM or a number within 1..64", name);
        return 1;
    }
    return signal_container(&container, number, all) < 0 ? 1 : 0;
}

/* kills the first process and waits for its end */
static int end_first(struct container *container)
{
    cleanup_fd int fd = k_pidfd_open(container->pid);
    struct pollfd end = {.fd = fd, .events = POLLIN};
    uint64_t deadline = clock_ms() + LAST_BREATH_MS;

    if (fd < 0 || !state_alive(container))
        return 0;
    k_pidfd_send_signal(fd, SIGKILL);
    if (cgroup_frozen(container) && cgroup_freeze(container, false) < 0)
        return -1;
    while (poll(&end, 1, clock_wait(deadline)) < 0 && errno == EINTR)
        ;
    return end.revents ? 0 : say("container %s does not end", container->id);
}

int command_delete(int argc, char **argv)
{
    bool force = false;
    const struct option options[] = {{"force,f", OPTION_FLAG, &force}, {NULL, OPTION_FLAG, NULL}};
    const char *id = options_id(argc, argv, options_read(options, argc, argv), 1);
    struct container container;
    enum status status;

    if (!id)
        return 1;
    if (state_load(&container, id) < 0) {
        /* --force is for what may be there, whole or half made */
        if (!force || errno != ENOENT)
            return 1;
        return container.dir >= 0 && state_remove(&container) < 0 ? 1 : 0;
    }
    status = state_status(&container);
    if (status != STATUS_STOPPED && status != STATUS_CREATED && !force) {
        say("cannot delete container %s: it is %s; stop it first, or use --force", id,
            state_name(status));
        return 1;
    }
    if (end_first(&container) < 0)
        return 1;
    return container_destroy(&container) < 0 ? 1 : 0;
}

int command_state(int argc, char **argv)
{
    const char *id = options_id(argc, argv, options_read(no_options, argc, argv), 1);
    struct container container;
    char *document;

    if (!id || state_load(&container, id) < 0)
        return 1;
    document = state_document(&container, state_status(&container));
    if (!document)
        return 1;
    printf("%s\n", document);
    free(document);
    return 0;
}

static const char *owner_of(const struct container *container)
{
    struct stat st;
    const struct passwd *entry;

    if (fstat(container->dir, &st) < 0)
        return "";
    entry = st.st_uid == 0 ? NULL : getpwuid(st.st_uid);
    return st.st_uid == 0 ? "root" : entry ? entry->pw_name : "";
}

/* the value of "created" in a document */
static void created_of(const char *document, char *to, size_t size)
{
    const char *at = strstr(document, "\"created\": \"");

    snprintf(to, size, "%.*s", at ? (int)strcspn(at + 12, "\"") : 0, at ? at + 12 : "");
}

/* the state document has no owner; in a list it has */
static void print_member(const struct container *container, const char *document, bool first)
{
    static const char mark[] = "\"owner\": \"";
    const char *at = NULL;

    for (const char *next = strstr(document, mark); next; next = strstr(next + 1, mark))
        at = next + sizeof mark - 1;
    printf("%s", first ? "" : ",");
    if (at)
        printf("%.*s%s%s", (int)(at - document), document, owner_of(container), at);
    else
        printf("%s", document);
}

static void list_one(const char *id, const char *format, bool quiet, bool *first)
{
    struct container container;
    enum status status;
    char *document;
    char created[64];

    if (state_load(&container, id) < 0) {
        close_fd_at(&container.dir);
        return; /* being made, or just gone */
    }
    status = state_status(&container);
    document = state_document(&container, status);
    if (document && quiet) {
        printf("%s\n", id);
    } else if (document && strcmp(format, "json") == 0) {
        print_member(&container, document, *first);
    } else if (document) {
        created_of(document, created, sizeof created);
        printf("%-12s %-10d %-10s %-30s %-32s %s\n", id,
               status == STATUS_STOPPED ? 0 : container.pid, state_name(status), container.bundle,
               created, owner_of(&container));
    }
    *first = false;
    free(document);
    free(container.memory);
    close_fd_at(&container.dir);
}

int command_list(int argc, char **argv)
{
    const char *format = "table";
    bool quiet = false;
    const struct option options[] = {{"format,f", OPTION_TEXT, &format},
                                     {"quiet,q", OPTION_FLAG, &quiet},
                                     {NULL, OPTION_FLAG, NULL}};
    int at = options_read(options, argc, argv);
    struct dirent **entries = NULL;
    bool json = strcmp(format, "json") == 0;
    bool first = true;
    int count;
    int rc;

    if (at < 0)
        return 1;
    if (at < argc || (!json && strcmp(format, "table") != 0)) {
        say("list takes no operand, and --format table or json");
        return 1;
    }
    rc = root_check();
    if (rc < 0 && rc != -ENOENT)
        return 1;
    count = scandir(globals.root, &entries, NULL, alphasort);
    if (count < 0 && errno != ENOENT) {
        say_errno(errno, "cannot list %s", globals.root);
        return 1;
    }
    if (json && !quiet)
        printf("[");
    else if (!quiet)
        printf("%-12s %-10s %-10s %-30s %-32s %s\n", "ID", "PID", "STATUS", "BUNDLE", "CREATED",
               "OWNER");
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.')
            list_one(entries[i]->d_name, format, quiet, &first);
        free(entries[i]);
    }
    free(entries);
    if (json && !quiet)
        printf("]\n");
    return 0;
}

static int freeze_command(int argc, char **argv, bool freeze)
{
    const char *id = options_id(argc, argv, options_read(no_options, argc, argv), 1);
    struct container container;
    enum status status;

    if (!id || state_load(&container, id) < 0)
        return 1;
    status = state_status(&container);
    if (freeze ? status != STATUS_RUNNING && status != STATUS_CREATED : status != STATUS_PAUSED) {
        say("cannot %s container %s: it is %s", argv[0], id, state_name(status));
        return 1;
    }
    return cgroup_freeze(&container, freeze) < 0 ? 1 : 0;
}

int command_pause(int argc, char **argv)
{
    return freeze_command(argc, argv, true);
}

int command_resume(int argc, char **argv)
{
    return freeze_command(argc, argv, false);
}
