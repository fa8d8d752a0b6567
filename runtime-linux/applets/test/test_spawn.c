/* Spawn's own requests: programs with captured output, namespaces, mounts. */
#define _GNU_SOURCE
#include "fixture.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})

static struct packet packet;

struct result {
    uint32_t kind;
    uint32_t value;
    uint32_t flags;
    struct wire_bytes out;
    struct wire_bytes err;
};

static void put_list(struct wire_writer *writer, char *const *list)
{
    uint32_t count = 0;

    while (list[count])
        count++;
    wire_put_u32(writer, count);
    for (uint32_t i = 0; i < count; i++)
        wire_put_string(writer, list[i]);
}

static void send_run(struct fixture *f, uint32_t id, char *const *argv, uint32_t deadline,
                     uint32_t limit, const char *cwd, int input)
{
    uint8_t bytes[4096];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, SPAWN_RUN, id);

    wire_put_u32(&writer, input >= 0 ? 1 : 0);
    wire_put_u32(&writer, deadline);
    wire_put_u32(&writer, limit);
    wire_put_u32(&writer, limit);
    wire_put_string(&writer, cwd);
    put_list(&writer, argv);
    put_list(&writer, ARGV("PATH=/bin:/usr/bin", "KEY=value"));
    CHECK(message_finish(f->control, &writer, &input, input >= 0 ? 1 : 0) == 0);
}

static void await(struct fixture *f, uint32_t id, uint16_t type)
{
    do
        CHECK(message_receive(f->control, packet.bytes, &packet.message) == 1);
    while (packet.message.type == SPAWN_MONITOR_ENDED);
    if (packet.message.type == REPLY_ERROR && type != REPLY_ERROR) {
        for (int i = 0; i < 3; i++)
            wire_u32(&packet.message.args);
        fprintf(stderr, "  error: %s\n", wire_string(&packet.message.args));
    }
    CHECK_INT(packet.message.type, type);
    CHECK_INT(packet.message.id, id);
}

static struct result await_result(struct fixture *f, uint32_t id)
{
    struct result r;

    await(f, id, SPAWN_RUN_RESULT);
    r.kind = wire_u32(&packet.message.args);
    r.value = wire_u32(&packet.message.args);
    r.flags = wire_u32(&packet.message.args);
    r.out = wire_bytes(&packet.message.args);
    r.err = wire_bytes(&packet.message.args);
    CHECK(!packet.message.args.bad);
    return r;
}

static bool equals(struct wire_bytes bytes, const char *text)
{
    return bytes.size == strlen(text) && memcmp(bytes.data, text, bytes.size) == 0;
}

static void run_capturesBothOutputs(struct fixture *f)
{
    struct result r;

    send_run(f, 5, ARGV("sh", "-c", "echo out $KEY; echo err >&2; pwd; exit 7"), 0, 1000, "/etc",
             -1);
    r = await_result(f, 5);
    CHECK_INT(r.kind, END_EXITED);
    CHECK_INT(r.value, 7);
    CHECK_INT(r.flags, 0);
    CHECK(equals(r.out, "out value\n/etc\n"));
    CHECK(equals(r.err, "err\n"));
}

static void run_readsStdin(struct fixture *f)
{
    struct result r;
    int ends[2];

    CHECK(pipe2(ends, O_CLOEXEC) == 0 && write(ends[1], "input", 5) == 5);
    close(ends[1]);
    send_run(f, 5, ARGV("cat"), 0, 1000, "", ends[0]);
    close(ends[0]);
    r = await_result(f, 5);
    CHECK(equals(r.out, "input"));
}

static void run_missingProgram_isENOENT(struct fixture *f)
{
    send_run(f, 5, ARGV("no-such-program"), 0, 1000, "", -1);
    await(f, 5, REPLY_ERROR);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), ENOENT);
}

static void run_pastItsDeadline_isKilledWithItsGroup(struct fixture *f)
{
    struct result r;

    send_run(f, 5, ARGV("sh", "-c", "echo begun; sleep 100; echo never"), 200, 1000, "", -1);
    r = await_result(f, 5);
    CHECK_INT(r.kind, END_SIGNALED);
    CHECK_INT(r.value, SIGKILL);
    CHECK_INT(r.flags, 1);
    CHECK(equals(r.out, "begun\n"));
}

static void run_cancelled(struct fixture *f)
{
    uint8_t bytes[64];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, SPAWN_CANCEL, 6);
    struct result r;

    send_run(f, 5, ARGV("sleep", "100"), 0, 1000, "", -1);
    wire_put_u32(&writer, 5);
    CHECK(message_finish(f->control, &writer, NULL, 0) == 0);
    r = await_result(f, 5);
    CHECK_INT(r.flags, 8);
}

static void run_moreThanTheLimit_isCut(struct fixture *f)
{
    struct result r;

    send_run(f, 5, ARGV("sh", "-c", "echo 123456789"), 0, 4, "", -1);
    r = await_result(f, 5);
    CHECK_INT(r.flags, 2);
    CHECK(equals(r.out, "1234"));
}

static void run_largeOutput_comesAsMemfd(struct fixture *f)
{
    struct result r;
    struct stat st;

    send_run(f, 5, ARGV("head", "-c", "3000000", "/dev/zero"), 0, 16u << 20, "", -1);
    r = await_result(f, 5);
    CHECK_INT(r.flags, 16);
    CHECK_INT(packet.message.fd_count, 2);
    CHECK(fstat(packet.message.fds[0], &st) == 0 && st.st_size == 3000000);
    message_close(&packet.message);
}

static void run_leftChild_doesNotHoldTheAnswer(struct fixture *f)
{
    struct result r;

    send_run(f, 5, ARGV("sh", "-c", "sleep 1 & echo done"), 0, 1000, "", -1);
    r = await_result(f, 5);
    CHECK_INT(r.value, 0);
    CHECK(equals(r.out, "done\n"));
}

static void run_hundredAtOnce(struct fixture *f)
{
    int sum = 0;

    for (uint32_t i = 1; i <= 100; i++) {
        char command[32];

        snprintf(command, sizeof command, "exit %u", i);
        send_run(f, i, ARGV("sh", "-c", command), 0, 0, "", -1);
    }
    for (int i = 0; i < 100; i++) {
        CHECK(message_receive(f->control, packet.bytes, &packet.message) == 1);
        CHECK_INT(packet.message.type, SPAWN_RUN_RESULT);
        wire_u32(&packet.message.args);
        CHECK_INT(wire_u32(&packet.message.args), packet.message.id);
        sum += (int)packet.message.id;
    }
    CHECK_INT(sum, 5050);
}

static int request_fd(struct fixture *f, uint32_t id, struct wire_writer *writer, int fd)
{
    CHECK(message_finish(f->control, writer, &fd, fd >= 0 ? 1 : 0) == 0);
    await(f, id, SPAWN_DESCRIPTOR);
    CHECK_INT(packet.message.fd_count, 1);
    return message_take(&packet.message, 0);
}

static void netns_isMade_andSocketsOpenInIt(struct fixture *f)
{
    uint8_t bytes[256];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, SPAWN_NEW_NETNS, 3);
    struct stat own;
    struct stat made;
    int netns;
    int fd;

    wire_put_u32(&writer, 1);
    netns = request_fd(f, 3, &writer, -1);
    CHECK(stat("/proc/self/ns/net", &own) == 0 && fstat(netns, &made) == 0);
    CHECK(own.st_ino != made.st_ino);
    writer = message_begin(bytes, sizeof bytes, SPAWN_SOCKET_IN_NETNS, 4);
    wire_put_u32(&writer, AF_INET);
    wire_put_u32(&writer, SOCK_STREAM);
    wire_put_u32(&writer, 0);
    fd = request_fd(f, 4, &writer, netns);
    close(fd);
    close(netns);
}

static void put_mount(struct wire_writer *writer, const char *fstype, const char *data,
                      const char *base)
{
    wire_put_string(writer, fstype);
    wire_put_string(writer, fstype);
    wire_put_u64(writer, 0);
    wire_put_string(writer, data);
    wire_put_string(writer, base);
}

static void mount_withRelativeLowers(struct fixture *f)
{
    static uint8_t bytes[8192];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, SPAWN_MOUNT, 3);
    char data[4096] = "lowerdir=";
    char path[128];
    struct stat st;
    int fd;

    for (int i = 0; i < 60; i++) {
        char name[40];

        snprintf(name, sizeof name, "layer-%024d", i);
        snprintf(path, sizeof path, "%s/%s", f->dir, name);
        CHECK(mkdir(path, 0755) == 0);
        snprintf(path, sizeof path, "%s/%s/f%d", f->dir, name, i);
        CHECK(mkdir(path, 0755) == 0);
        snprintf(data + strlen(data), sizeof data - strlen(data), "%s%s", i ? ":" : "", name);
    }
    put_mount(&writer, "overlay", data, f->dir);
    fd = request_fd(f, 3, &writer, -1);
    CHECK(fstatat(fd, "f0", &st, 0) == 0 && fstatat(fd, "f59", &st, 0) == 0);
    close(fd);
}

static void mount_thatFails_saysWhy(struct fixture *f)
{
    uint8_t bytes[256];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, SPAWN_MOUNT, 3);

    put_mount(&writer, "nofs", "", "");
    CHECK(message_finish(f->control, &writer, NULL, 0) == 0);
    await(f, 3, REPLY_ERROR);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), ENODEV);
    CHECK_TEXT(wire_string(&packet.message.args), "cannot mount nofs: no such device");
}

static void malformed_isAnswered(struct fixture *f)
{
    static const uint8_t cut[12] = {2, 0, 0, 0, 9, 0, 0, 0, 1, 2, 3, 4};

    CHECK(message_send(f->control, cut, sizeof cut, NULL, 0) == 0);
    await(f, 9, REPLY_ERROR);
    wire_u64(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), EINVAL);
}

/* --socket PATH serves one connection after another */
static void socketMode_servesConnections(struct fixture *f)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    pid_t pid = fork();

    snprintf(address.sun_path, sizeof address.sun_path, "%s/spawn.sock", f->dir);
    if (pid == 0) {
        execl(APPLETS, "felucca-applets", "spawn", "--socket", address.sun_path, NULL);
        _exit(127);
    }
    for (int round = 0; round < 2; round++) {
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        for (int i = 0; connect(fd, (struct sockaddr *)&address, sizeof address) < 0; i++) {
            CHECK(i < 5000);
            usleep(1000);
        }
        CHECK(message_receive(fd, packet.bytes, &packet.message) == 1);
        CHECK_INT(packet.message.type, SPAWN_READY);
        close(fd);
    }
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    CHECK(access(address.sun_path, F_OK) < 0);
}

const struct test spawn_tests[] = {
    {"run_capturesBothOutputs", run_capturesBothOutputs},
    {"run_readsStdin", run_readsStdin},
    {"run_missingProgram_isENOENT", run_missingProgram_isENOENT},
    {"run_pastItsDeadline_isKilledWithItsGroup", run_pastItsDeadline_isKilledWithItsGroup},
    {"run_cancelled", run_cancelled},
    {"run_moreThanTheLimit_isCut", run_moreThanTheLimit_isCut},
    {"run_largeOutput_comesAsMemfd", run_largeOutput_comesAsMemfd},
    {"run_leftChild_doesNotHoldTheAnswer", run_leftChild_doesNotHoldTheAnswer},
    {"run_hundredAtOnce", run_hundredAtOnce},
    {"netns_isMade_andSocketsOpenInIt", netns_isMade_andSocketsOpenInIt},
    {"mount_withRelativeLowers", mount_withRelativeLowers},
    {"mount_thatFails_saysWhy", mount_thatFails_saysWhy},
    {"malformed_isAnswered", malformed_isAnswered},
    {"socketMode_servesConnections", socketMode_servesConnections},
    {NULL, NULL},
};
