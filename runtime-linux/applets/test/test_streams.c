/* Streams: nothing lost, back-pressure, stdin with credit, terminal, log, late clients. */
#define _GNU_SOURCE
#include "fixture.h"
#include "lib/fd.h"
#include "lib/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})

static struct planner planner;
static struct packet packet;

static void start(struct fixture *f, struct task *task, const struct container *container,
                  uint32_t flags)
{
    int root = fixture_root();

    plan_container(&planner, container);
    task_spawn(f, task, &planner, flags | LAUNCH_AUTOSTART, &root, 1);
    task_await(task, &packet, TASK_STARTED);
    task->pid = (pid_t)wire_u32(&packet.message.args);
}

static void finish(struct task *task, uint32_t value)
{
    task_await(task, &packet, TASK_EXIT);
    CHECK_INT(wire_u32(&packet.message.args), END_EXITED);
    CHECK_INT(wire_u32(&packet.message.args), value);
    task_await(task, &packet, TASK_DRAINED);
    task_delete(task);
}

static void check_flood(const char *data, size_t size, size_t expected)
{
    CHECK_INT((long)size, (long)expected);
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)data[i] != i % 251)
            check_int(__FILE__, __LINE__, "byte", (unsigned char)data[i], (long)(i % 251));
}

static void bigOutput_losesNothing(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "flood", "5000000")},
          LAUNCH_CLIENT0);
    client_hear(task.client, &heard);
    check_flood(heard.out, heard.out_size, 5000000);
    finish(&task, 0);
    heard_free(&heard);
}

/* returns when the program, which does nothing but write, sleeps and gets nothing more written */
static void await_blocked_writer(pid_t pid)
{
    char before[512] = "";
    char path[64];
    int same = 0;

    while (same < 20) {
        char text[512];
        char status[512];
        const char *name;

        snprintf(path, sizeof path, "/proc/%d/stat", pid);
        CHECK(read_file_at(AT_FDCWD, path, status, sizeof status) > 0);
        name = strrchr(status, ')');
        snprintf(path, sizeof path, "/proc/%d/io", pid);
        CHECK(read_file_at(AT_FDCWD, path, text, sizeof text) > 0);
        same = name && name[2] == 'S' && strcmp(text, before) == 0 ? same + 1 : 0;
        memcpy(before, text, sizeof text);
        poll(NULL, 0, 1);
    }
}

/* client 0 reads nothing for a while: the program has to wait, and nothing is lost */
static void slowClient0_holdsTheProgramBack(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    char state[64];

    start(f, &task, &(struct container){.argv = ARGV("guest", "flood", "3000000")},
          LAUNCH_CLIENT0);
    await_blocked_writer(task.pid);
    CHECK(!task_file(&task, "exit", "kind", state, sizeof state));
    client_hear(task.client, &heard);
    check_flood(heard.out, heard.out_size, 3000000);
    finish(&task, 0);
    heard_free(&heard);
}

/* the program ends while client 0 still holds back the last of its output, past the deadline */
static void slowClient0_getsAllAfterTheEnd(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    f->client_buffer = 8192;
    start(f, &task, &(struct container){.argv = ARGV("guest", "flood", "120000")},
          LAUNCH_CLIENT0);
    task_await(&task, &packet, TASK_EXIT);
    CHECK(poll(&(struct pollfd){.fd = task.control, .events = POLLIN}, 1, 800) == 0);
    client_hear(task.client, &heard);
    check_flood(heard.out, heard.out_size, 120000);
    CHECK(heard.exited);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

static void goneClient0_isDropped(struct fixture *f)
{
    struct task task;
    struct stat st;

    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "flood", "2000000")});
    task_spawn_logged(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0 | LAUNCH_LOG, &root,
                      1, 0, 0);
    close(task.client);
    task.client = -1;
    task_await(&task, &packet, TASK_STARTED);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    CHECK(fstatat(task.dir, "log", &st, 0) == 0 && st.st_size > 2000000);
    task_delete(&task);
}

static void stderr_hasItsOwnFrames(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "both")}, LAUNCH_CLIENT0);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "to stdout\n");
    CHECK_TEXT(heard.err, "to stderr\n");
    CHECK_INT((long)heard.out_size, 10);
    finish(&task, 0);
    heard_free(&heard);
}

static void withoutStdin_itIsDevNull(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "cat")}, LAUNCH_CLIENT0);
    client_hear(task.client, &heard);
    CHECK(heard.out == NULL && heard.credit == 0);
    finish(&task, 0);
    heard_free(&heard);
}

/* a megabyte through stdin and back, by the rules of credit */
static void stdin_flowsByCredit(struct fixture *f)
{
    static char chunk[16384];
    struct heard heard = {0};
    struct task task;
    size_t sent = 0;
    size_t total = 1000000;

    start(f, &task, &(struct container){.argv = ARGV("guest", "cat")},
          LAUNCH_CLIENT0 | LAUNCH_STDIN | LAUNCH_STDIN_ONCE);
    while (sent < total) {
        size_t n = sizeof chunk < total - sent ? sizeof chunk : total - sent;

        while (heard.credit < n)
            client_hear_some(task.client, &heard);
        for (size_t i = 0; i < n; i++)
            chunk[i] = (char)((sent + i) % 251);
        client_send(task.client, FRAME_STDIN, chunk, (uint32_t)n);
        heard.credit -= (uint32_t)n;
        sent += n;
    }
    client_send(task.client, FRAME_STDIN_EOF, NULL, 0);
    client_hear(task.client, &heard);
    check_flood(heard.out, heard.out_size, total);
    finish(&task, 0);
    heard_free(&heard);
}

static void moreStdinThanCredit_isCutOff(struct fixture *f)
{
    static char chunk[65536];
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "sleep", "600")},
          LAUNCH_CLIENT0 | LAUNCH_STDIN);
    client_send(task.client, FRAME_STDIN, chunk, sizeof chunk);
    client_send(task.client, FRAME_STDIN, chunk, sizeof chunk);
    client_send(task.client, FRAME_STDIN, chunk, 1);
    client_hear(task.client, &heard);
    CHECK(!heard.exited);
    task_request(&task, TASK_DELETE, 9, "i", 1u);
    for (;;) {
        CHECK(message_receive(task.control, packet.bytes, &packet.message) == 1);
        if (packet.message.type == REPLY_OK)
            break;
    }
    close(task.control);
    heard_free(&heard);
}

static void terminal_isOne(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "tty"), .terminal = true},
          LAUNCH_CLIENT0);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "tty 1 1 1\r\n");
    CHECK_TEXT(heard.out, "size 24 80\r\n");
    CHECK_TEXT(heard.out, "name /dev/pts/0\r\n");
    CHECK_TEXT(heard.out, "foreground 1\r\n");
    CHECK(heard.credit == 65536);
    finish(&task, 0);
    heard_free(&heard);
}

static void terminal_consoleIsTheTerminal(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    start(f, &task,
          &(struct container){.argv = ARGV("guest", "stat", "/dev/console"), .terminal = true},
          LAUNCH_CLIENT0);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "/dev/console 20620 0:5 136:0");
    finish(&task, 0);
    heard_free(&heard);
}

static void terminal_takesWindowAndInput(struct fixture *f)
{
    static const uint8_t window[4] = {50, 0, 120, 0};
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "wait"), .terminal = true},
          LAUNCH_CLIENT0);
    client_hear_until(task.client, &heard, "ready");
    client_send(task.client, FRAME_WINDOW, window, sizeof window);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "signal 28"); /* SIGWINCH */
    finish(&task, 40 + SIGWINCH);
    heard_free(&heard);
}

static void terminal_echoesInput(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "cat"), .terminal = true},
          LAUNCH_CLIENT0);
    client_send(task.client, FRAME_STDIN, "typed\n", 6);
    client_hear_until(task.client, &heard, "typed\r\ntyped\r\n");
    client_send(task.client, FRAME_STDIN, "\x04", 1);
    client_hear(task.client, &heard);
    finish(&task, 0);
    heard_free(&heard);
}

static void signalFrame_reachesProgram(struct fixture *f)
{
    static const uint8_t usr1[4] = {SIGUSR1, 0, 0, 0};
    struct heard heard = {0};
    struct task task;

    start(f, &task, &(struct container){.argv = ARGV("guest", "wait")}, LAUNCH_CLIENT0);
    client_hear_until(task.client, &heard, "ready");
    client_send(task.client, FRAME_SIGNAL, usr1, sizeof usr1);
    client_hear(task.client, &heard);
    CHECK_INT(heard.value, 40 + SIGUSR1);
    finish(&task, 40 + SIGUSR1);
    heard_free(&heard);
}

static void heldPipe_endsAtTheDeadline(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    /* pid 1's child dies with its namespace; one of a shared namespace holds the pipe on */
    start(f, &task,
          &(struct container){.argv = ARGV("guest", "leave", "1"), .host_pid = true},
          LAUNCH_CLIENT0);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "left");
    CHECK(heard.exited);
    finish(&task, 0);
    heard_free(&heard);
}

static void log_isCri(struct fixture *f)
{
    struct task task;
    char text[4096];
    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "both")});
    task_spawn_logged(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_LOG, &root, 1, 0, 0);
    task_await(&task, &packet, TASK_STARTED);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    CHECK(read_file_at(task.dir, "log", text, sizeof text) > 0);
    CHECK_TEXT(text, "Z stdout F to stdout\n");
    CHECK_TEXT(text, "Z stderr F to stderr\n");
    CHECK_INT(text[4], '-');
    CHECK_INT(text[10], 'T');
    CHECK_INT((long)(strchr(text, 'Z') - text), 29);
    task_delete(&task);
}

static void log_partialLine_isMarked(struct fixture *f)
{
    struct task task;
    char text[4096];
    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "print", "no newline")});
    task_spawn_logged(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_LOG, &root, 1, 0, 0);
    task_await(&task, &packet, TASK_STARTED);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    CHECK(read_file_at(task.dir, "log", text, sizeof text) > 0);
    CHECK_TEXT(text, "Z stdout P no newline\n");
    task_delete(&task);
}

/* all pieces of all files, put together again, are what the program wrote */
static void log_rotates_andLosesNothing(struct fixture *f)
{
    static char text[1 << 20];
    static char whole[1 << 20];
    struct task task;
    size_t used = 0;
    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "flood", "300000")});
    task_spawn_logged(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_LOG, &root, 1, 100000, 20);
    task_await(&task, &packet, TASK_STARTED);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    for (int i = 20; i >= 0; i--) {
        char name[16];
        ssize_t n;
        char *at = text;

        snprintf(name, sizeof name, i ? "log.%d" : "log", i);
        n = read_file_at(task.dir, name, text, sizeof text);
        if (n < 0)
            continue;
        CHECK(n < 200000);
        while (at < text + n) { /* prefix, one byte F or P, text, newline */
            char *end = memchr(at, '\n', (size_t)(text + n - at));
            char *body = at + 40;

            CHECK(end != NULL && at[37] == ' ' && (at[38] == 'F' || at[38] == 'P'));
            memcpy(whole + used, body, (size_t)(end - body));
            used += (size_t)(end - body);
            if (at[38] == 'F')
                whole[used++] = '\n';
            at = end + 1;
        }
    }
    check_flood(whole, used, 300000);
    task_delete(&task);
}

/* the log directory is a file system that is full: lines are dropped, the program goes on */
static void log_withoutSpace_isAWarning(struct fixture *f)
{
    struct task task;
    char path[160];
    char value[32];
    int root = fixture_root();

    CHECK(unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
    plan_container(&planner, &(struct container){.argv = ARGV("guest", "late-flood", "400000")});
    snprintf(path, sizeof path, "%s/t0", f->dir);
    CHECK(mkdir(path, 0700) == 0 && mount("tmpfs", path, "tmpfs", 0, "size=65536") == 0);
    task_spawn_logged(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_LOG, &root, 1, 0, 0);
    task_await(&task, &packet, TASK_STARTED);
    task_await(&task, &packet, TASK_EXIT);
    CHECK_INT(wire_u32(&packet.message.args), END_EXITED);
    CHECK_INT(wire_u32(&packet.message.args), 0);
    task_await(&task, &packet, TASK_DRAINED);
    task_await_file(&task, "exit", "kind", value, sizeof value); /* its space was reserved */
    CHECK_TEXT(task.warning, "cannot write log: no space left on device");
    task_delete(&task);
    CHECK(umount2(path, MNT_DETACH) == 0);
}

static void log_isReopenedByName(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    char text[4096];
    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "cat")});
    task_spawn_logged(f, &task, &planner,
                      LAUNCH_AUTOSTART | LAUNCH_LOG | LAUNCH_CLIENT0 | LAUNCH_STDIN |
                          LAUNCH_STDIN_ONCE, &root, 1, 0, 0);
    task_await(&task, &packet, TASK_STARTED);
    client_send(task.client, FRAME_STDIN, "before\n", 7);
    client_hear_until(task.client, &heard, "before\n");
    CHECK(renameat(task.dir, "log", task.dir, "log.kept") == 0);
    task_request(&task, TASK_REOPEN_LOG, 5, "");
    task_await(&task, &packet, REPLY_OK);
    client_send(task.client, FRAME_STDIN, "after\n", 6);
    client_send(task.client, FRAME_STDIN_EOF, NULL, 0);
    client_hear(task.client, &heard);
    CHECK(read_file_at(task.dir, "log.kept", text, sizeof text) > 0);
    CHECK_TEXT(text, "F before\n");
    CHECK(read_file_at(task.dir, "log", text, sizeof text) > 0);
    CHECK_TEXT(text, "F after\n");
    finish(&task, 0);
    heard_free(&heard);
}

/* a client passes what it likes: the monitor must not trip over it */
static void clientThatIsNoSocket_isRefused(struct fixture *f)
{
    uint8_t bytes[64];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, TASK_ATTACH, 30);
    struct task task;
    int file = open("/dev/null", O_RDWR | O_CLOEXEC);

    start(f, &task, &(struct container){.argv = ARGV("guest", "sleep", "600")}, 0);
    wire_put_string(&writer, "");
    wire_put_u32(&writer, 7);
    CHECK(message_finish(task.control, &writer, &file, 1) == 0);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), ENOTSOCK);
    task_request(&task, TASK_DELETE, 9, "i", 1u);
    task_await(&task, &packet, REPLY_OK);
    close(task.control);
    close(file);
}

static int attach(struct task *task, uint32_t flags)
{
    uint8_t bytes[64];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, TASK_ATTACH, 30);
    int pair[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    wire_put_string(&writer, "");
    wire_put_u32(&writer, flags);
    CHECK(message_finish(task->control, &writer, &pair[1], 1) == 0);
    close(pair[1]);
    task_await(task, &packet, REPLY_OK);
    return pair[0];
}

static void laterClient_getsOutputAndExit(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    int client;

    start(f, &task, &(struct container){.argv = ARGV("guest", "cat")}, LAUNCH_STDIN);
    client = attach(&task, 7);
    client_send(client, FRAME_STDIN, "through\n", 8);
    client_hear_until(client, &heard, "through\n");
    client_send(client, FRAME_STDIN_EOF, NULL, 0);
    client_hear(client, &heard);
    CHECK(heard.exited && heard.value == 0);
    finish(&task, 0);
    close(client);
    heard_free(&heard);
}

static void laterClient_thatFallsBehind_isCutOffByName(struct fixture *f)
{
    struct heard heard = {0};
    struct heard late = {0};
    struct task task;
    int client;

    start(f, &task, &(struct container){.argv = ARGV("guest", "cat")},
          LAUNCH_STDIN | LAUNCH_CLIENT0 | LAUNCH_STDIN_ONCE);
    client = attach(&task, 6);
    for (int i = 0; i < 40; i++) {
        static char chunk[65000];
        size_t before = heard.out_size;

        client_send(task.client, FRAME_STDIN, chunk, sizeof chunk);
        while (heard.out_size < before + sizeof chunk)
            client_hear_some(task.client, &heard);
    }
    client_send(task.client, FRAME_STDIN_EOF, NULL, 0);
    client_hear(task.client, &heard);
    CHECK(heard.exited);
    client_hear(client, &late);
    CHECK(!late.exited);
    CHECK_TEXT(late.error, "attach client 1 fell behind: 1048576 bytes unread");
    finish(&task, 0);
    close(client);
    heard_free(&heard);
    heard_free(&late);
}

static void detach_leavesTheProgram(struct fixture *f)
{
    static const uint8_t usr1[4] = {SIGUSR1, 0, 0, 0};
    struct heard heard = {0};
    struct task task;
    int client;

    start(f, &task, &(struct container){.argv = ARGV("guest", "wait")},
          LAUNCH_CLIENT0 | LAUNCH_STDIN);
    client_hear_until(task.client, &heard, "ready");
    client_send(task.client, FRAME_DETACH, NULL, 0);
    client_hear(task.client, &heard);
    CHECK(!heard.exited);
    client = attach(&task, 6);
    client_send(client, FRAME_SIGNAL, usr1, sizeof usr1);
    client_hear(client, &heard);
    CHECK_INT(heard.value, 40 + SIGUSR1);
    finish(&task, 40 + SIGUSR1);
    close(client);
    heard_free(&heard);
}

static void attachAfterTheEnd_getsExitAtOnce(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    int client;

    start(f, &task, &(struct container){.argv = ARGV("guest", "exit", "5")}, 0);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    client = attach(&task, 6);
    client_hear(client, &heard);
    CHECK(heard.exited && heard.value == 5);
    close(client);
    task_delete(&task);
    heard_free(&heard);
}

const struct test stream_tests[] = {
    {"bigOutput_losesNothing", bigOutput_losesNothing},
    {"slowClient0_holdsTheProgramBack", slowClient0_holdsTheProgramBack},
    {"slowClient0_getsAllAfterTheEnd", slowClient0_getsAllAfterTheEnd},
    {"goneClient0_isDropped", goneClient0_isDropped},
    {"stderr_hasItsOwnFrames", stderr_hasItsOwnFrames},
    {"withoutStdin_itIsDevNull", withoutStdin_itIsDevNull},
    {"stdin_flowsByCredit", stdin_flowsByCredit},
    {"moreStdinThanCredit_isCutOff", moreStdinThanCredit_isCutOff},
    {"terminal_isOne", terminal_isOne},
    {"terminal_consoleIsTheTerminal", terminal_consoleIsTheTerminal},
    {"terminal_takesWindowAndInput", terminal_takesWindowAndInput},
    {"terminal_echoesInput", terminal_echoesInput},
    {"signalFrame_reachesProgram", signalFrame_reachesProgram},
    {"heldPipe_endsAtTheDeadline", heldPipe_endsAtTheDeadline},
    {"log_isCri", log_isCri},
    {"log_partialLine_isMarked", log_partialLine_isMarked},
    {"log_rotates_andLosesNothing", log_rotates_andLosesNothing},
    {"log_withoutSpace_isAWarning", log_withoutSpace_isAWarning},
    {"log_isReopenedByName", log_isReopenedByName},
    {"clientThatIsNoSocket_isRefused", clientThatIsNoSocket_isRefused},
    {"laterClient_getsOutputAndExit", laterClient_getsOutputAndExit},
    {"laterClient_thatFallsBehind_isCutOffByName", laterClient_thatFallsBehind_isCutOffByName},
    {"detach_leavesTheProgram", detach_leavesTheProgram},
    {"attachAfterTheEnd_getsExitAtOnce", attachAfterTheEnd_getsExitAtOnce},
    {NULL, NULL},
};
