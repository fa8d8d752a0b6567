/*
 * run-tests [WORD...]: runs every test, or those with one of the words in their name, in a process
 * of its own, with a time limit (seconds, FELUCCA_TEST_WAIT); ends with "N passed, N failed".
 */
#define _GNU_SOURCE
#include "fixture.h"
#include "lib/fd.h"

#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIME_LIMIT "15"

static const struct test *const suites[] = {
    plan_tests,
    spawn_tests,
    launch_tests,
    mount_tests,
    op_tests,
    process_tests,
    spec_tests,
    stream_tests,
    control_tests,
    runtime_tests,
    supervise_tests,
    oci_tests,
};

static _Noreturn void run_child(const struct test *test)
{
    const char *limit = getenv("FELUCCA_TEST_WAIT");
    struct fixture fixture;

    alarm((unsigned)atoi(limit ? limit : TIME_LIMIT));
    fixture_start(&fixture);
    test->run(&fixture);
    fixture_stop(&fixture);
    exit(0);
}

/* kills what a test has left behind; this process is the subreaper of all of it */
static int end_children(void)
{
    char path[64];
    char text[4096];
    char *at = text;
    int count = 0;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    if (read_file_at(AT_FDCWD, path, text, sizeof text) < 0)
        return 0;
    for (char *word = strsep(&at, " "); word; word = strsep(&at, " "))
        if (atoi(word) > 1) {
            kill(atoi(word), SIGKILL);
            count++;
        }
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    return count;
}

/* a test that passed has a moment for its processes to end; one that is left fails it */
static bool left_nothing(void)
{
    for (int i = 0; i < 2000; i++) {
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
        if (waitpid(-1, NULL, WNOHANG) < 0)
            return true;
        poll(NULL, 0, 1);
    }
    fprintf(stderr, "  processes are left behind\n");
    return false;
}

static void remove_base(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        execlp("rm", "rm", "-rf", "--one-file-system", "--", fixture_base, NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

/* cgroups of a test that failed half way; one that passed has none */
static void remove_cgroups(pid_t pid)
{
    char pattern[80];
    glob_t found = {.gl_pathc = 0};

    for (int i = 0; i < 2; i++) {
        snprintf(pattern, sizeof pattern, "/sys/fs/cgroup/%sfelucca-applets-test-%d",
                 i ? "*/" : "", pid);
        if (glob(pattern, 0, NULL, &found) == 0)
            for (size_t k = 0; k < found.gl_pathc; k++)
                rmdir(found.gl_pathv[k]);
        globfree(&found);
    }
}

static bool run_one(const struct test *test)
{
    bool good;
    int status;
    pid_t pid;

    strcpy(fixture_base, "/tmp/felucca-applets-XXXXXX");
    if (!mkdtemp(fixture_base))
        return false;
    pid = fork();
    if (pid == 0)
        run_child(test);
    if (waitpid(pid, &status, 0) != pid)
        return false;
    if (WIFSIGNALED(status))
        fprintf(stderr, "  killed by signal %d\n", WTERMSIG(status));
    good = WIFEXITED(status) && WEXITSTATUS(status) == 0 && left_nothing();
    while (end_children() > 0)
        poll(NULL, 0, 10);
    remove_cgroups(pid);
    remove_base();
    return good;
}

static bool wanted(const struct test *test, char **words)
{
    if (!*words)
        return true;
    for (; *words; words++)
        if (strstr(test->name, *words))
            return true;
    return false;
}

int main(int argc, char **argv)
{
    int passed = 0;
    int failed = 0;

    (void)argc;
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    for (size_t s = 0; s < sizeof suites / sizeof *suites; s++)
        for (const struct test *test = suites[s]; test->name; test++) {
            bool good;

            if (!wanted(test, argv + 1))
                continue;
            good = run_one(test);
            printf("%s %s\n", good ? "ok  " : "FAIL", test->name);
            fflush(stdout);
            passed += good;
            failed += !good;
        }
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0;
}
