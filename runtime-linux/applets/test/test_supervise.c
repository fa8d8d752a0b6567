/* Supervise: one state one holder, sockets held over restarts, stop, crash, spawn replaced. */
#define _GNU_SOURCE
#include "fixture.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})

/* a supervise whose "JVM" is a shell script; its stderr is kept in a file */
struct supervised {
    pid_t pid;
    char state[128];
    char socket[160];
    char out[160];
};

static void start(struct fixture *f, struct supervised *s, const char *script, char *const *extra)
{
    char listen[256];
    char *argv[24] = {"felucca-applets", "supervise", "--state", s->state, "--listen", listen};
    int count = 6;

    snprintf(s->state, sizeof s->state, "%s/state", f->dir);
    snprintf(s->socket, sizeof s->socket, "%s/api.sock", f->dir);
    snprintf(s->out, sizeof s->out, "%s/out", f->dir);
    snprintf(listen, sizeof listen, "api=%s,mode=0620,group=12", s->socket);
    while (extra && *extra)
        argv[count++] = *extra++;
    argv[count++] = "--";
    argv[count++] = "sh";
    argv[count++] = "-c";
    argv[count++] = (char *)(uintptr_t)script;
    argv[count++] = "jvm";
    argv[count++] = "-Xbad";
    argv[count++] = "-Xgood";
    s->pid = fork();
    if (s->pid == 0) {
        int out = open(s->out, O_WRONLY | O_CREAT | O_APPEND, 0600);

        setenv("DIR", f->dir, 1);
        dup2(out, 1);
        dup2(out, 2);
        close(f->control);
        execv(APPLETS, argv);
        _exit(127);
    }
}

static int end_of(const struct supervised *s)
{
    int status;

    CHECK(waitpid(s->pid, &status, 0) == s->pid);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* waits until a file of the fixture has the text */
static void await_text(struct fixture *f, const char *name, const char *text)
{
    char path[160];
    char content[4096] = "";

    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    for (int i = 0; i < 8000; i++) {
        if (read_file_at(AT_FDCWD, path, content, sizeof content) > 0 && strstr(content, text))
            return;
        poll(NULL, 0, 1);
    }
    check_text(__FILE__, __LINE__, content, text);
}

static pid_t read_pid(struct fixture *f, const char *name)
{
    char path[160];
    char content[64];

    await_text(f, name, "\n");
    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    CHECK(read_file_at(AT_FDCWD, path, content, sizeof content) > 0);
    return atoi(content);
}

static bool gone(pid_t pid)
{
    for (int i = 0; i < 5000; i++) {
        char path[32];
        char text[256];

        snprintf(path, sizeof path, "/proc/%d/stat", pid);
        if (read_file_at(AT_FDCWD, path, text, sizeof text) < 0 || strstr(text, ") Z"))
            return true;
        poll(NULL, 0, 1);
    }
    return false;
}

#define SERVE "echo $$ > $DIR/jvm; exec sleep 600"

static void term_stopsCleanly(struct fixture *f)
{
    struct supervised s;
    struct stat st;
    pid_t jvm;
    char path[200];

    start(f, &s, SERVE, NULL);
    jvm = read_pid(f, "jvm");
    CHECK(stat(s.socket, &st) == 0);
    CHECK_INT(st.st_mode & 0777, 0620);
    CHECK_INT((long)st.st_gid, 12);
    CHECK_INT(read_pid(f, "state/felucca.pid"), s.pid);
    kill(s.pid, SIGTERM);
    CHECK_INT(end_of(&s), 0);
    CHECK(gone(jvm));
    CHECK(access(s.socket, F_OK) < 0);
    snprintf(path, sizeof path, "%s/felucca.pid", s.state);
    CHECK(access(path, F_OK) < 0);
}

static void secondHolder_isRefusedByName(struct fixture *f)
{
    struct supervised first;
    struct supervised second;
    char expected[200];

    start(f, &first, SERVE, NULL);
    read_pid(f, "jvm");
    start(f, &second, SERVE, NULL);
    CHECK_INT(end_of(&second), 1);
    snprintf(expected, sizeof expected, "state %s is held by pid %d", first.state, first.pid);
    await_text(f, "out", expected);
    CHECK(access(first.socket, F_OK) == 0);
    kill(first.pid, SIGTERM);
    CHECK_INT(end_of(&first), 0);
}

/* another state directory does not make it another daemon */
static void secondHolderOfRoot_isRefusedByName(struct fixture *f)
{
    struct supervised first;
    char expected[200];
    char state[160];
    char *root[] = {"--root", f->dir, NULL};
    char *other[] = {"--root", f->dir, "--state", state, NULL};
    struct supervised second;

    snprintf(state, sizeof state, "%s/other", f->dir);
    start(f, &first, SERVE, root);
    read_pid(f, "jvm");
    start(f, &second, SERVE, other);
    CHECK_INT(end_of(&second), 1);
    snprintf(expected, sizeof expected, "root %s is held by pid %d", f->dir, first.pid);
    await_text(f, "out", expected);
    CHECK(access(first.socket, F_OK) == 0);
    kill(first.pid, SIGTERM);
    CHECK_INT(end_of(&first), 0);
    start(f, &second, SERVE, other);
    await_text(f, "other/felucca.pid", "\n");
    kill(second.pid, SIGTERM);
    CHECK_INT(end_of(&second), 0);
}

static void environment_namesTheDescriptors(struct fixture *f)
{
    struct supervised s;

    start(f, &s,
          "echo $FELUCCA_LISTEN_FDS $FELUCCA_STARTS $FELUCCA_SUPERVISE_PID > $DIR/env;"
          "ls -l /proc/$$/fd/${FELUCCA_LISTEN_FDS#api:} /proc/$$/fd/$FELUCCA_SPAWN_FD > $DIR/fds",
          NULL);
    CHECK_INT(end_of(&s), 0);
    await_text(f, "env", "api:");
    await_text(f, "fds", "socket:");
}

/* a connect made while no JVM runs waits for the next one */
static void crashedJvm_isRestarted_connectsWait(struct fixture *f)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct supervised s;
    pid_t jvm;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    start(f, &s, "echo $FELUCCA_STARTS >> $DIR/starts; " SERVE, NULL);
    await_text(f, "starts", "1\n");
    jvm = read_pid(f, "jvm");
    kill(jvm, SIGKILL);
    strcpy(address.sun_path, s.socket);
    CHECK(connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    await_text(f, "starts", "2\n");
    close(fd);
    kill(s.pid, SIGTERM);
    CHECK_INT(end_of(&s), 0);
}

static void jvmThatKeepsCrashing_isGivenUp(struct fixture *f)
{
    struct supervised s;

    start(f, &s, "exit 9", ARGV("--restart-limit", "2"));
    CHECK_INT(end_of(&s), 9);
    await_text(f, "out", "3 times in a row; giving up");
    CHECK(access(s.socket, F_OK) < 0);
}

static void crashedJvm_isRestartedWithoutSparedArguments(struct fixture *f)
{
    struct supervised s;

    start(f, &s, "echo \"$# $1 $2\" >> $DIR/arguments; [ $FELUCCA_STARTS -gt 1 ] || exit 1; exec sleep 600",
          ARGV("--spare", "-Xbad"));
    await_text(f, "arguments", "2 -Xbad -Xgood\n1 -Xgood \n");
    await_text(f, "out", "trying without -Xbad");
    kill(s.pid, SIGTERM);
    CHECK_INT(end_of(&s), 0);
}

static void killedJvm_isRestartedWithAllArguments(struct fixture *f)
{
    struct supervised s;

    start(f, &s, "echo \"$# $1 $2\" >> $DIR/arguments; [ $FELUCCA_STARTS -gt 1 ] || kill -9 $$; exec sleep 600",
          ARGV("--spare", "-Xbad"));
    await_text(f, "arguments", "2 -Xbad -Xgood\n2 -Xbad -Xgood\n");
    kill(s.pid, SIGTERM);
    CHECK_INT(end_of(&s), 0);
}

static void jvmThatRefuses_isNotRestarted(struct fixture *f)
{
    struct supervised s;
    char path[200];
    char starts[16];

    start(f, &s, "echo $FELUCCA_STARTS >> $DIR/starts; exit 2", NULL);
    CHECK_INT(end_of(&s), 2);
    snprintf(path, sizeof path, "%s/starts", f->dir);
    CHECK_INT(read_file_at(AT_FDCWD, path, starts, sizeof starts), 2);
    CHECK(strncmp(starts, "1\n", 2) == 0);
    CHECK(access(s.socket, F_OK) < 0);
}

static void jvmThatIgnoresTerm_isKilled(struct fixture *f)
{
    struct supervised s;
    pid_t jvm;

    start(f, &s, "trap '' TERM; echo $$ > $DIR/jvm; while :; do sleep 0.1; done",
          ARGV("--stop-timeout", "1"));
    jvm = read_pid(f, "jvm");
    kill(s.pid, SIGTERM);
    CHECK_INT(end_of(&s), 128 + SIGKILL);
    CHECK(gone(jvm));
}

static void commandThatCannotRun_isOneMessage(struct fixture *f)
{
    struct supervised s;
    char *argv[] = {"felucca-applets", "supervise", "--state", s.state, "--", "/no/such/jvm", NULL};
    int status;
    pid_t pid;

    snprintf(s.state, sizeof s.state, "%s/state", f->dir);
    snprintf(s.out, sizeof s.out, "%s/out", f->dir);
    pid = fork();
    if (pid == 0) {
        dup2(open(s.out, O_WRONLY | O_CREAT, 0600), 2);
        execv(APPLETS, argv);
        _exit(127);
    }
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 1);
    await_text(f, "out", "supervise: cannot execute /no/such/jvm: no such file or directory");
}

static pid_t child_named(pid_t parent, const char *name)
{
    char path[64];
    char children[1024];
    char comm[64];
    char *at = children;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
    CHECK(read_file_at(AT_FDCWD, path, children, sizeof children) > 0);
    for (char *word = strsep(&at, " "); word; word = strsep(&at, " ")) {
        snprintf(path, sizeof path, "/proc/%d/comm", atoi(word));
        if (read_file_at(AT_FDCWD, path, comm, sizeof comm) > 0 && strstr(comm, name))
            return atoi(word);
    }
    return 0;
}

static void killedSupervise_takesJvmAndSpawnAlong(struct fixture *f)
{
    struct supervised s;
    pid_t jvm;
    pid_t spawn;
    int status;

    start(f, &s, SERVE, NULL);
    jvm = read_pid(f, "jvm");
    for (int i = 0; (spawn = child_named(s.pid, "felucca-spawn")) == 0; i++) {
        CHECK(i < 5000);
        poll(NULL, 0, 1);
    }
    kill(s.pid, SIGKILL);
    CHECK(waitpid(s.pid, &status, 0) == s.pid);
    CHECK(gone(jvm));
    CHECK(gone(spawn));
    /* and the state is free again, the stale socket replaced */
    start(f, &s, "exit 0", NULL);
    CHECK_INT(end_of(&s), 0);
}

static void liveSocketOfAnother_isNotReplaced(struct fixture *f)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct supervised s;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/api.sock", f->dir);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0);
    start(f, &s, SERVE, NULL);
    CHECK_INT(end_of(&s), 1);
    await_text(f, "out", "in use");
    close(fd);
}

/* the JVM of a killed supervise dies a moment after it, and holds its sockets until then */
static void socketOfADyingOne_isWaitedForAndReplaced(struct fixture *f)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct supervised s;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    pid_t dying;

    snprintf(address.sun_path, sizeof address.sun_path, "%s/api.sock", f->dir);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0);
    dying = fork();
    if (dying == 0)
        _exit(accept(fd, NULL, NULL) < 0);
    close(fd);
    start(f, &s, "exit 0", NULL);
    CHECK_INT(end_of(&s), 0);
    CHECK(waitpid(dying, NULL, 0) == dying);
}

/* this test's own program plays the JVM: it reads READY from the spawn socket */
static void killedSpawn_isReplacedOnTheSameSocket(struct fixture *f)
{
    struct supervised s;
    pid_t spawn;
    pid_t next;

    start(f, &s, SERVE, NULL);
    read_pid(f, "jvm");
    for (int i = 0; (spawn = child_named(s.pid, "felucca-spawn")) == 0; i++) {
        CHECK(i < 5000);
        poll(NULL, 0, 1);
    }
    kill(spawn, SIGKILL);
    await_text(f, "out", "spawn ended with 137; starting another");
    for (int i = 0; (next = child_named(s.pid, "felucca-spawn")) == 0 || next == spawn; i++) {
        CHECK(i < 5000);
        poll(NULL, 0, 1);
    }
    kill(s.pid, SIGTERM);
    CHECK_INT(end_of(&s), 0);
    CHECK(gone(next));
}

/* monitors live on: a container started through the first JVM is adopted by the second */
static void containers_outliveJvmAndSupervise(struct fixture *f)
{
    struct planner *planner = malloc(sizeof *planner);
    struct packet *packet = malloc(sizeof *packet);
    struct task task;
    int root = fixture_root();

    CHECK(planner && packet);
    plan_container(planner, &(struct container){.argv = ARGV("guest", "wait")});
    task_spawn(f, &task, planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, packet, TASK_STARTED);
    task.pid = (pid_t)wire_u32(&packet->message.args);
    close(f->control);
    kill(f->spawn, SIGKILL);
    waitpid(f->spawn, NULL, 0);
    close(task.control);
    task.control = task_connect(&task);
    CHECK(task.control >= 0);
    task_request(&task, TASK_HELLO, 50, "i", 1u);
    task_await(&task, packet, TASK_HELLO_REPLY);
    task_await(&task, packet, TASK_STATE_REPLY);
    CHECK_INT(wire_u32(&packet->message.args), 3);
    CHECK_INT(wire_u32(&packet->message.args), task.pid);
    task_request(&task, TASK_KILL, 51, "sii", "", (uint32_t)SIGKILL, 0u);
    task_await(&task, packet, REPLY_OK);
    task_await(&task, packet, TASK_EXIT);
    task_await(&task, packet, TASK_DRAINED);
    task_delete(&task);
    f->control = open("/dev/null", O_RDONLY | O_CLOEXEC);
    free(planner);
    free(packet);
}

const struct test supervise_tests[] = {
    {"term_stopsCleanly", term_stopsCleanly},
    {"secondHolder_isRefusedByName", secondHolder_isRefusedByName},
    {"secondHolderOfRoot_isRefusedByName", secondHolderOfRoot_isRefusedByName},
    {"environment_namesTheDescriptors", environment_namesTheDescriptors},
    {"crashedJvm_isRestarted_connectsWait", crashedJvm_isRestarted_connectsWait},
    {"crashedJvm_isRestartedWithoutSparedArguments", crashedJvm_isRestartedWithoutSparedArguments},
    {"killedJvm_isRestartedWithAllArguments", killedJvm_isRestartedWithAllArguments},
    {"jvmThatKeepsCrashing_isGivenUp", jvmThatKeepsCrashing_isGivenUp},
    {"jvmThatRefuses_isNotRestarted", jvmThatRefuses_isNotRestarted},
    {"jvmThatIgnoresTerm_isKilled", jvmThatIgnoresTerm_isKilled},
    {"commandThatCannotRun_isOneMessage", commandThatCannotRun_isOneMessage},
    {"killedSupervise_takesJvmAndSpawnAlong", killedSupervise_takesJvmAndSpawnAlong},
    {"liveSocketOfAnother_isNotReplaced", liveSocketOfAnother_isNotReplaced},
    {"socketOfADyingOne_isWaitedForAndReplaced", socketOfADyingOne_isWaitedForAndReplaced},
    {"killedSpawn_isReplacedOnTheSameSocket", killedSpawn_isReplacedOnTheSameSocket},
    {"containers_outliveJvmAndSupervise", containers_outliveJvmAndSupervise},
    {NULL, NULL},
};
