/*
 * felucca-oci, against a compiler that the test plays: it answers with plans made by hand, and with
 * what no compiler would answer.
 */
#define _GNU_SOURCE
#include "fixture.h"

#include "lib/fd.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIST(...) ((char *[]){__VA_ARGS__, NULL})
#define NONE LIST(NULL)
#define WHOLE SIZE_MAX

static struct planner planner;

/* what felucca-oci is run with */
struct place {
    const char *dir; /* the fixture's */
    int compiler;    /* the listening socket */
    char bundle[96];
    char root[96];
};

struct outcome {
    int status; /* exit status; 1000 + n after signal n */
    char text[16384];
};

static uint8_t answer_bytes[131072];

/* an answer to CREATE, the plan planner holds */
static size_t create_answer(const char *rootfs, uint32_t flags)
{
    struct wire_writer out = wire_writer(answer_bytes, sizeof answer_bytes);

    wire_put_u32(&out, 0);
    wire_put_u32(&out, flags);
    wire_put_string(&out, rootfs);
    wire_put_u32(&out, 0); /* no cgroups */
    wire_put_u32(&out, 0); /* no limits */
    wire_put_bytes(&out, "", 0);
    wire_put_string(&out, "{\"pid\": \x01, \"status\": \"\x02\", \"created\": \"\x03\"}");
    wire_put_u32(&out, 0); /* warnings */
    wire_put_u32(&out, 1);
    wire_put_string(&out, "/the/first");
    wire_put_bytes(&out, planner.buffer, planner.writer.used);
    CHECK(!out.bad);
    return out.used;
}

static size_t exec_answer(void)
{
    struct wire_writer out = wire_writer(answer_bytes, sizeof answer_bytes);

    wire_put_u32(&out, 0);
    wire_put_u32(&out, 0);
    wire_put_u32(&out, 0);
    wire_put_u32(&out, 0);
    wire_put_bytes(&out, planner.buffer, planner.writer.used);
    CHECK(!out.bad);
    return out.used;
}

static void plan_of(char *const *argv)
{
    plan_container(&planner, &(struct container){.argv = argv});
}

static void prepare(struct fixture *f, struct place *place)
{
    static const char *const directories[] = {"bin", "proc", "sys", "dev", "etc", "tmp"};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char path[512];

    place->dir = f->dir;
    snprintf(place->bundle, sizeof place->bundle, "%s/bundle", f->dir);
    snprintf(place->root, sizeof place->root, "%s/oci", f->dir);
    CHECK(mkdir(place->bundle, 0755) == 0);
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
        snprintf(path, sizeof path, "%s/%s", place->bundle, directories[i]);
        CHECK(mkdir(path, 0755) == 0);
    }
    snprintf(path, sizeof path, "cp %s %s/bin/guest && echo '{}' >%s/config.json", GUEST,
             place->bundle, place->bundle);
    CHECK(system(path) == 0);
    snprintf(path, sizeof path, "%s/compiler", f->dir);
    memcpy(address.sun_path, path, strlen(path) + 1);
    place->compiler = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(place->compiler, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(place->compiler, 8) == 0);
    CHECK(setenv("FELUCCA_COMPILER", path, 1) == 0);
}

static void read_whole(int fd, void *to, size_t size)
{
    for (size_t used = 0; used < size;) {
        ssize_t n = read(fd, (char *)to + used, size - used);

        CHECK(n > 0);
        used += (size_t)n;
    }
}

/* one request is read, the first bytes of the answer are sent; the length tells of all that comes */
static void answer_once(const struct place *place, size_t size)
{
    static uint8_t request[65536];
    cleanup_fd int fd = accept4(place->compiler, NULL, NULL, SOCK_CLOEXEC);
    uint32_t length = (uint32_t)size;
    uint32_t asked;

    CHECK(fd >= 0);
    read_whole(fd, &asked, sizeof asked);
    CHECK(asked <= sizeof request);
    read_whole(fd, request, asked);
    CHECK(write_all(fd, &length, sizeof length) == 0);
    CHECK(write_all(fd, answer_bytes, size) == 0);
}

static pid_t begin(const struct place *place, char *const *words, int output)
{
    char *argv[24] = {(char *)(uintptr_t) OCI, (char *)(uintptr_t) "--root",
                      (char *)(uintptr_t)place->root};
    size_t count = 3;
    pid_t pid;

    for (size_t i = 0; words[i]; i++)
        argv[count++] = words[i];
    pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        dup2(output, 1);
        dup2(output, 2);
        execv(OCI, argv);
        _exit(99);
    }
    return pid;
}

/* runs to its end; with a size the compiler is asked once. What a container says is there as well. */
static struct outcome run(const struct place *place, size_t size, char *const *words)
{
    struct outcome outcome = {0};
    int output = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    pid_t pid = begin(place, words, output);
    int status;
    ssize_t n;

    if (size > 0)
        answer_once(place, size);
    CHECK(waitpid(pid, &status, 0) == pid);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    n = pread(output, outcome.text, sizeof outcome.text - 1, 0);
    outcome.text[n > 0 ? n : 0] = '\0';
    close(output);
    return outcome;
}

#define RUN(place, size, ...) run(place, size, LIST(__VA_ARGS__))

static void expect(struct outcome outcome, int status, const char *text)
{
    if (outcome.status != status)
        fprintf(stderr, "  it says: %s\n", outcome.text);
    CHECK_INT(outcome.status, status);
    CHECK_TEXT(outcome.text, text);
}

static void oci_life_isThatOfRunc(struct fixture *f)
{
    struct place p;

    prepare(f, &p);
    plan_of(LIST("/bin/guest", "sleep", "100"));
    expect(RUN(&p, create_answer(p.bundle, 0), "create", "-b", p.bundle, "life"), 0, "");
    expect(RUN(&p, 0, "state", "life"), 0, "\"status\": \"created\"");
    expect(RUN(&p, 0, "start", "life"), 0, "");
    expect(RUN(&p, 0, "state", "life"), 0, "\"status\": \"running\"");
    expect(RUN(&p, 0, "start", "life"), 1, "cannot start a container in the running state");
    expect(RUN(&p, 0, "list"), 0, "running");
    plan_exec(&planner, LIST("/bin/guest", "exit", "9"), false);
    expect(RUN(&p, exec_answer(), "exec", "life", "guest"), 9, "");
    expect(RUN(&p, 0, "kill", "life", "NOSUCH"), 1, "unknown signal 'NOSUCH'");
    expect(RUN(&p, 0, "delete", "life"), 1, "it is running");
    expect(RUN(&p, 0, "delete", "--force", "life"), 0, "");
    expect(RUN(&p, 0, "state", "life"), 1, "does not exist");
}

static void oci_run_endsAsItsProgram(struct fixture *f)
{
    struct place p;

    prepare(f, &p);
    plan_of(LIST("/bin/guest", "exit", "7"));
    expect(RUN(&p, create_answer(p.bundle, 0), "run", "-b", p.bundle, "once"), 7, "");
    expect(RUN(&p, 0, "list", "-q"), 0, "");
}

/* what its caller has beyond the three streams is none of the program's business */
static void oci_inheritedDescriptors_stayOutside(struct fixture *f)
{
    struct place p;
    struct outcome outcome;
    int first = open("/", O_RDONLY | O_DIRECTORY);
    int high = fcntl(first, F_DUPFD, 200);

    prepare(f, &p);
    CHECK(first >= 0 && high == 200);
    plan_of(LIST("/bin/guest", "fds"));
    outcome = RUN(&p, create_answer(p.bundle, 0), "run", "-b", p.bundle, "fds");
    expect(outcome, 0, "0 1 2");
    CHECK(strcmp(outcome.text, "0 1 2 \n") == 0);
    close(first);
    close(high);
}

/* groups of the caller would open the host's files to the program; a set-group-id leftover, too */
static void oci_groupsOfTheCaller_areShed(struct fixture *f)
{
    static const gid_t groups[] = {4, 27, 99};
    struct place p;
    struct outcome outcome;

    prepare(f, &p);
    CHECK(setgroups(3, groups) == 0 && setresgid(0, 27, 27) == 0);
    plan_container(&planner, &(struct container){.argv = LIST("/bin/guest", "status"), .uid = 1000});
    outcome = RUN(&p, create_answer(p.bundle, 0), "run", "-b", p.bundle, "groups");
    expect(outcome, 0, "Gid:\t1000\t1000\t1000\t1000");
    CHECK_TEXT(outcome.text, "Groups:\t \n");
}

/* PATH of ids: no name leads out of ROOT, or is one of its own files */
static void oci_hostileIds_areRefused(struct fixture *f)
{
    static const char *const ids[] = {"",      ".",    "..",        "../x",  "a/b",
                                      "/x",    "a b",  ".compiler", "a\nb",  "%s%n",
                                      "x\x7f", "a/..", "\xc3\xa4",  "a\\b"};
    static const char *const commands[] = {"create", "run",  "start", "kill",   "delete",
                                           "state",  "ps",   "exec",  "update", "pause",
                                           "resume", "events"};
    struct place p;

    prepare(f, &p);
    for (size_t c = 0; c < sizeof commands / sizeof *commands; c++)
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
            struct outcome outcome =
                RUN(&p, 0, (char *)(uintptr_t)commands[c], (char *)(uintptr_t) "--",
                    (char *)(uintptr_t)ids[i]);

            CHECK_INT(outcome.status, 1);
            CHECK_TEXT(outcome.text, "invalid container id '");
        }
    CHECK(access(p.root, F_OK) < 0);
}

/* an answer that is cut off anywhere, its length told right, is refused and leaves nothing */
static void oci_cutAnswers_areRefused(struct fixture *f)
{
    struct place p;
    size_t whole;

    prepare(f, &p);
    plan_of(LIST("/bin/guest", "exit", "0"));
    whole = create_answer(p.bundle, 0);
    for (size_t size = 4; size < whole; size += size < 256 ? 4 : 508) {
        struct outcome outcome = RUN(&p, size, "run", "-b", p.bundle, "cut");

        CHECK_INT(outcome.status, 1);
        CHECK_TEXT(outcome.text, "felucca-oci: ");
        expect(RUN(&p, 0, "list", "-q"), 0, "");
        CHECK_INT(RUN(&p, 0, "state", "cut").status, 1);
    }
}

/* fields that promise more than there is, or name what no compiler would */
static void oci_wrongAnswers_areRefused(struct fixture *f)
{
    struct place p;
    size_t size;

    prepare(f, &p);
    plan_of(LIST("/bin/guest", "exit", "0"));
    size = create_answer(p.bundle, 0);
    for (size_t at = 8; at < 256 && at < size; at += 4) {
        uint32_t old;
        struct outcome outcome;

        memcpy(&old, answer_bytes + at, sizeof old);
        memset(answer_bytes + at, 0xff, 4);
        outcome = RUN(&p, size, "run", "-b", p.bundle, "wrong");
        memcpy(answer_bytes + at, &old, sizeof old);
        CHECK(outcome.status == 1 || outcome.status == 0); /* a byte of a text may be any */
        CHECK_INT(RUN(&p, 0, "state", "wrong").status, 1);
    }
}

static void oci_stateOfAnotherVersion_isRefused(struct fixture *f)
{
    struct place p;
    char path[160];
    char whole[4096];
    ssize_t n;
    int fd;

    prepare(f, &p);
    plan_of(LIST("/bin/guest", "sleep", "100"));
    expect(RUN(&p, create_answer(p.bundle, 0), "run", "-d", "-b", p.bundle, "old"), 0, "");
    snprintf(path, sizeof path, "%s/old/state", p.root);
    fd = open(path, O_RDWR | O_CLOEXEC);
    CHECK(fd >= 0);
    n = pread(fd, whole, sizeof whole, 0);
    CHECK(n > 124 && pwrite(fd, "\x63", 1, 0) == 1);
    expect(RUN(&p, 0, "state", "old"), 1, "it is of another version");
    CHECK(pwrite(fd, "\x01", 1, 0) == 1);
    for (off_t size = 124; size >= 0; size -= 4) {
        CHECK(ftruncate(fd, size) == 0);
        CHECK_INT(RUN(&p, 0, "state", "old").status, 1);
        CHECK_INT(RUN(&p, 0, "list").status, 0);
    }
    CHECK(pwrite(fd, whole, (size_t)n, 0) == n);
    expect(RUN(&p, 0, "delete", "--force", "old"), 0, "");
    close(fd);
}

static void oci_optionsThatAreNone_areRefused(struct fixture *f)
{
    struct place p;

    prepare(f, &p);
    expect(RUN(&p, 0, "run", "--bundle"), 1, "option --bundle: value missing");
    expect(RUN(&p, 0, "run", "--detach=perhaps", "x"), 1, "'perhaps' is neither true nor false");
    expect(RUN(&p, 0, "run", "--nosuch", "x"), 1, "unknown option '--nosuch' of run");
    expect(RUN(&p, 0, "exec", "--preserve-fds", "99999999999999999999", "x", "y"), 1,
           "is no number within");
    expect(RUN(&p, 0, "update", "--memory", "9223372036854775807k", "x"), 1, "does not exist");
    expect(RUN(&p, 0, "list", "--format", "xml"), 1, "table or json");
    expect(RUN(&p, 0, "run", "x", "y"), 1, "not 2 operands");
}

const struct test oci_tests[] = {
    {"oci_life_isThatOfRunc", oci_life_isThatOfRunc},
    {"oci_run_endsAsItsProgram", oci_run_endsAsItsProgram},
    {"oci_inheritedDescriptors_stayOutside", oci_inheritedDescriptors_stayOutside},
    {"oci_groupsOfTheCaller_areShed", oci_groupsOfTheCaller_areShed},
    {"oci_hostileIds_areRefused", oci_hostileIds_areRefused},
    {"oci_cutAnswers_areRefused", oci_cutAnswers_areRefused},
    {"oci_wrongAnswers_areRefused", oci_wrongAnswers_areRefused},
    {"oci_stateOfAnotherVersion_isRefused", oci_stateOfAnotherVersion_isRefused},
    {"oci_optionsThatAreNone_areRefused", oci_optionsThatAreNone_areRefused},
    {NULL, NULL},
};
