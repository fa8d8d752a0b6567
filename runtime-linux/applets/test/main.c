/* Runs every test in a process of its own, with a time limit; ends with "N passed, N failed". */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIME_LIMIT 15

static const struct test *const suites[] = {
    plan_tests,
    spawn_tests,
    launch_tests,
    mount_tests,
    process_tests,
    stream_tests,
    control_tests,
};

static bool run_one(const struct test *test)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        struct fixture fixture;

        alarm(TIME_LIMIT);
        fixture_start(&fixture);
        test->run(&fixture);
        fixture_stop(&fixture);
        exit(0);
    }
    if (waitpid(pid, &status, 0) != pid)
        return false;
    if (WIFSIGNALED(status))
        fprintf(stderr, "  killed by signal %d\n", WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
    int passed = 0;
    int failed = 0;

    for (size_t s = 0; s < sizeof suites / sizeof *suites; s++)
        for (const struct test *test = suites[s]; test->name; test++) {
            bool good;

            if (argc > 1 && !strstr(test->name, argv[1]))
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
