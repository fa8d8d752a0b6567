#define _GNU_SOURCE
#include "oci.h"

#include "lib/fd.h"
#include "lib/kernel.h"
#include "seal.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef OCI_VERSION
#define OCI_VERSION "unknown"
#endif

/* the sealed copy has no place of its own: it is told that of the file */
#define HOME_VARIABLE "FELUCCA_OCI_HOME"

#define UNKNOWN_COMMAND 3 /* as runc */

struct globals globals;
static char home[PATH_MAX];

const char *oci_home(void)
{
    return home;
}

static const struct {
    const char *name;
    command *run;
    bool launches; /* enters containers: from the sealed copy */
} commands[] = {
    {"checkpoint", command_checkpoint, false},
    {"create", command_create, true},
    {"delete", command_delete, false},
    {"events", command_events, false},
    {"exec", command_exec, true},
    {"features", command_features, false},
    {"kill", command_kill, false},
    {"list", command_list, false},
    {"pause", command_pause, false},
    {"ps", command_ps, false},
    {"restore", command_restore, false},
    {"resume", command_resume, false},
    {"run", command_run, true},
    {"spec", command_spec, false},
    {"start", command_start, false},
    {"state", command_state, false},
    {"update", command_update, false},
};

static int usage(FILE *out, int status)
{
    fprintf(out,
            "usage: felucca-oci [--root DIR] [--log FILE] [--log-format text|json] [--debug] "
            "COMMAND [OPTION...] [OPERAND...]\n\ncommands:");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, " %s", commands[i].name);
    fprintf(out, "\n\nThe options of a command are runc's; see felucca-oci's guide.\n");
    return status;
}

static void find_home(void)
{
    const char *told = getenv(HOME_VARIABLE);
    ssize_t length;
    char *slash;

    if (told) {
        snprintf(home, sizeof home, "%s", told);
        unsetenv(HOME_VARIABLE);
        return;
    }
    length = readlink("/proc/self/exe", home, sizeof home - 1);
    home[length > 0 ? length : 0] = '\0';
    for (int i = 0; i < 2; i++) {
        slash = strrchr(home, '/');
        if (slash)
            *slash = '\0';
    }
}

/*
 * The process that enters a container runs from a sealed memory file, whoever gets hold of its
 * /proc/PID/exe (CVE-2019-5736), and nobody can trace it or read its descriptors.
 */
static int protect(char **argv)
{
    struct failure failure;

    setenv(HOME_VARIABLE, home, 1);
    if (seal_self(argv, &failure) < 0)
        return say("%s", failure.text);
    unsetenv(HOME_VARIABLE);
    if (geteuid() == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return say("cannot forbid tracing");
    return 0;
}

/* what the caller closed must not become one of our descriptors */
static void fill_stdio(void)
{
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", O_RDWR | O_NOCTTY);
}

static void default_root(void)
{
    static char root[PATH_MAX];
    const char *run = getenv("XDG_RUNTIME_DIR");

    if (geteuid() == 0)
        globals.root = "/run/felucca-oci";
    else if (run && *run) {
        snprintf(root, sizeof root, "%s/felucca-oci", run);
        globals.root = root;
    } else {
        snprintf(root, sizeof root, "/tmp/felucca-oci-%u", geteuid());
        globals.root = root;
    }
}

static int run_command(int argc, char **argv, char **whole)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[0], commands[i].name) != 0)
            continue;
        if (commands[i].launches && protect(whole) < 0)
            return 1;
        return commands[i].run(argc, argv);
    }
    say("unknown command '%s'; see felucca-oci --help", argv[0]);
    return UNKNOWN_COMMAND;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"root", OPTION_TEXT, &globals.root},
        {"log", OPTION_TEXT, &globals.log},
        {"log-format", OPTION_TEXT, &globals.log_format},
        {"rootless", OPTION_TEXT, &globals.rootless},
        {"criu", OPTION_TEXT, &globals.criu},
        {"systemd-cgroup", OPTION_FLAG, &globals.systemd_cgroup},
        {"debug", OPTION_FLAG, &globals.debug},
        {"help,h", OPTION_FLAG, &globals.help},
        {"version,v", OPTION_FLAG, &globals.version},
        {NULL, OPTION_FLAG, NULL},
    };
    static char root[PATH_MAX];
    int at;
    int status;

    fill_stdio();
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    find_home();
    at = options_read(options, argc, argv);
    if (globals.version) {
        printf("felucca-oci version %s\nspec: 1.3.0\n", OCI_VERSION);
        return 0;
    }
    if (globals.help)
        return usage(stdout, 0);
    if (at >= 0 && at >= argc)
        return usage(stderr, 1);
    if (!globals.root || !*globals.root)
        default_root();
    if (globals.root[0] != '/' && getcwd(root, sizeof root)) {
        size_t used = strlen(root);

        snprintf(root + used, sizeof root - used, "/%s", globals.root);
        globals.root = root;
    }
    status = at < 0 ? 1 : run_command(argc - at, argv + at, argv);
    if (*said() && status != 0)
        report_failure();
    return status;
}
