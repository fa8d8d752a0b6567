#define _GNU_SOURCE
#include "fixture.h"

#include "lib/fd.h"
#include "lib/frame.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef APPLETS
#error "APPLETS is the path of the binary under test"
#endif

char fixture_base[40];

void check_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "  %s:%d: failed: %s (errno %d)\n", file, line, what, errno);
    exit(1);
}

void check_text(const char *file, int line, const char *text, const char *part)
{
    if (text && strstr(text, part))
        return;
    fprintf(stderr, "  %s:%d: \"%s\" is not in \"%.2000s\"\n", file, line, part,
            text ? text : "(nothing)");
    exit(1);
}

void check_int(const char *file, int line, const char *what, long actual, long expected)
{
    if (actual == expected)
        return;
    fprintf(stderr, "  %s:%d: %s is %ld, not %ld\n", file, line, what, actual, expected);
    exit(1);
}

static void receive(int socket, struct packet *packet)
{
    CHECK(message_receive(socket, packet->bytes, &packet->message) == 1);
}

void fixture_start(struct fixture *fixture)
{
    struct packet *packet = malloc(sizeof *packet);
    int pair[2];

    snprintf(fixture->dir, sizeof fixture->dir, "%s/fixture-XXXXXX", fixture_base);
    CHECK(packet && mkdtemp(fixture->dir));
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
    fixture->spawn = fork();
    if (fixture->spawn == 0) {
        char number[16];

        snprintf(number, sizeof number, "%d", pair[1]);
        set_cloexec(pair[1], 0);
        execl(APPLETS, "felucca-applets", "spawn", "--control-fd", number, NULL);
        _exit(127);
    }
    close(pair[1]);
    fixture->control = pair[0];
    fixture->tasks = 0;
    fixture->client_buffer = 0;
    receive(fixture->control, packet);
    CHECK_INT(packet->message.type, SPAWN_READY);
    free(packet);
}

void fixture_stop(struct fixture *fixture)
{
    close(fixture->control);
    waitpid(fixture->spawn, NULL, 0);
}

static void put_file(int root, const char *name, const char *source)
{
    cleanup_fd int in = open(source, O_RDONLY | O_CLOEXEC);
    cleanup_fd int out = openat(root, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    char buffer[65536];
    ssize_t n;

    CHECK(in >= 0 && out >= 0);
    while ((n = read(in, buffer, sizeof buffer)) > 0)
        CHECK(write_all(out, buffer, (size_t)n) == 0);
    CHECK(fchmod(out, 0755) == 0);
}

int fixture_root(void)
{
    static const char *const directories[] = {"bin", "proc", "sys", "dev", "etc", "tmp", "work",
                                              "etc/inner", "secret"};
    int fs = k_fsopen("tmpfs");
    int root;

    CHECK(fs >= 0 && k_fsconfig(fs, K_FSCONFIG_SET_STRING, "mode", "755") == 0);
    CHECK(k_fsconfig(fs, K_FSCONFIG_CMD_CREATE, NULL, NULL) == 0);
    root = k_fsmount(fs, 0);
    CHECK(root >= 0);
    close(fs);
    umask(022);
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
        CHECK(mkdirat(root, directories[i], 0755) == 0);
    put_file(root, "bin/guest", GUEST);
    put_file(root, "etc/inner/file", "/proc/self/comm");
    CHECK(symlinkat("/../../../../etc", root, "escape") == 0);
    CHECK(symlinkat("/bin", root, "sbin") == 0);
    return root;
}

void task_spawn_logged(struct fixture *fixture, struct task *task, struct planner *planner,
                       uint32_t flags, const int *slots, int slot_count, uint64_t log_max,
                       uint32_t log_files)
{
    static uint8_t bytes[MESSAGE_MAX];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, SPAWN_SPAWN, 7);
    int control[2];
    int client[2] = {-1, -1};
    int fds[64];
    int count = 0;

    *task = (struct task){.client = -1};
    snprintf(task->path, sizeof task->path, "%s/t%d", fixture->dir, fixture->tasks++);
    CHECK(mkdir(task->path, 0700) == 0 || errno == EEXIST); /* a test may have mounted there */
    task->dir = open(task->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) == 0);
    task->control = control[0];
    fds[count++] = control[1];
    fds[count++] = task->dir;
    if (flags & LAUNCH_CLIENT0) {
        CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, client) == 0);
        if (fixture->client_buffer)
            CHECK(setsockopt(client[1], SOL_SOCKET, SO_SNDBUF, &fixture->client_buffer,
                             sizeof fixture->client_buffer) == 0);
        task->client = client[0];
        fds[count++] = client[1];
    }
    if (flags & LAUNCH_LOG)
        fds[count++] = task->dir;
    for (int i = 0; i < slot_count; i++)
        fds[count++] = slots[i];
    wire_put_u32(&writer, flags);
    wire_put_u32(&writer, 500);
    wire_put_string(&writer, "test");
    wire_put_string(&writer, flags & LAUNCH_LOG ? "log" : "");
    wire_put_u64(&writer, log_max);
    wire_put_u32(&writer, log_files);
    wire_put_bytes(&writer, planner->writer.start, planner->writer.used);
    CHECK(message_finish(fixture->control, &writer, fds, count) == 0);
    close(control[1]);
    if (client[1] >= 0)
        close(client[1]);
    for (int i = 0; i < slot_count; i++)
        close(slots[i]);
}

void task_spawn(struct fixture *fixture, struct task *task, struct planner *planner,
                uint32_t flags, const int *slots, int slot_count)
{
    task_spawn_logged(fixture, task, planner, flags, slots, slot_count, 0, 0);
}

static void take_warning(struct task *task, struct message *message)
{
    task->warnings++;
    wire_u32(&message->args);
    wire_u32(&message->args);
    wire_u32(&message->args);
    snprintf(task->warning, sizeof task->warning, "%s", wire_string(&message->args));
}

void task_await(struct task *task, struct packet *packet, uint16_t type)
{
    for (;;) {
        struct message *message = &packet->message;

        receive(task->control, packet);
        if (message->type == type)
            return;
        if (message->type == TASK_WARNING) {
            take_warning(task, message);
            continue;
        }
        /* cgroup version 2 tells of kills when it likes; who wants to hear asks for it by type */
        if (message->type == TASK_CLIENT_GONE || message->type == TASK_OOM)
            continue;
        if (message->type == REPLY_ERROR) {
            for (int i = 0; i < 3; i++)
                wire_u32(&message->args);
            fprintf(stderr, "  error: %s\n", wire_string(&message->args));
        }
        fprintf(stderr, "  message %u instead of %u\n", message->type, type);
        exit(1);
    }
}

void task_request(struct task *task, uint16_t type, uint32_t id, const char *signature, ...)
{
    uint8_t bytes[1024];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, type, id);
    va_list args;

    va_start(args, signature);
    for (; *signature; signature++) {
        if (*signature == 'i')
            wire_put_u32(&writer, va_arg(args, uint32_t));
        else
            wire_put_string(&writer, va_arg(args, const char *));
    }
    va_end(args);
    CHECK(message_finish(task->control, &writer, NULL, 0) == 0);
}

void task_exec(struct task *task, const char *id, uint32_t flags, struct planner *planner,
               int *client)
{
    static uint8_t bytes[MESSAGE_MAX];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, TASK_EXEC, 20);
    int pair[2] = {-1, -1};

    if (flags & LAUNCH_CLIENT0)
        CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    wire_put_u32(&writer, flags);
    wire_put_string(&writer, id);
    wire_put_bytes(&writer, planner->writer.start, planner->writer.used);
    CHECK(message_finish(task->control, &writer, &pair[1], pair[1] >= 0 ? 1 : 0) == 0);
    if (pair[1] >= 0)
        close(pair[1]);
    if (client)
        *client = pair[0];
}

void task_delete(struct task *task)
{
    struct packet *packet = malloc(sizeof *packet);

    CHECK(packet);
    task_request(task, TASK_DELETE, 90, "i", 0u);
    task_await(task, packet, REPLY_OK);
    CHECK(message_receive(task->control, packet->bytes, &packet->message) == 0);
    free(packet);
    close(task->control);
    close(task->dir);
    if (task->client >= 0)
        close(task->client);
}

int task_connect(const struct task *task)
{
    for (int i = 0; i < 5000; i++) {
        int fd = task_try_connect(task);

        if (fd >= 0)
            return fd;
        poll(NULL, 0, 1);
    }
    check_failed(__FILE__, __LINE__, "nobody listens on monitor.sock");
}

int task_try_connect(const struct task *task)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/monitor.sock", task->path);
    CHECK(fd >= 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool task_file(const struct task *task, const char *file, const char *key, char *value,
               size_t size)
{
    char text[2048];
    char *at = text;

    if (read_file_at(task->dir, file, text, sizeof text) < 0)
        return false;
    for (char *line = strsep(&at, "\n"); line; line = strsep(&at, "\n")) {
        size_t length = strlen(key);

        if (strncmp(line, key, length) == 0 && line[length] == '=') {
            snprintf(value, size, "%s", line + length + 1);
            return true;
        }
    }
    return false;
}

void task_await_file(const struct task *task, const char *file, const char *key, char *value,
                     size_t size)
{
    for (int i = 0; i < 5000; i++) {
        if (task_file(task, file, key, value, size))
            return;
        poll(NULL, 0, 1);
    }
    check_failed(__FILE__, __LINE__, file);
}

void client_send(int client, uint8_t type, const void *payload, uint32_t size)
{
    uint8_t header[FRAME_HEADER];
    struct wire_writer writer = wire_writer(header, sizeof header);

    wire_put_u32(&writer, size);
    wire_put_u16(&writer, type);
    wire_put_u16(&writer, 0);
    CHECK(write_all(client, header, sizeof header) == 0);
    CHECK(write_all(client, payload, size) == 0);
}

static bool read_exactly(int fd, void *data, size_t size)
{
    uint8_t *at = data;

    while (size > 0) {
        ssize_t n = read(fd, at, size);

        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static void append(char **data, size_t *used, const uint8_t *bytes, size_t size)
{
    if (!*data)
        CHECK((*data = calloc(1, CAPTURE)) != NULL);
    CHECK(*used + size < CAPTURE);
    memcpy(*data + *used, bytes, size);
    *used += size;
}

/* one frame; false at the end */
static bool hear_frame(int client, struct heard *heard)
{
    static uint8_t payload[FRAME_PAYLOAD_MAX + 1];
    uint8_t header[FRAME_HEADER];
    uint32_t size;

    if (!read_exactly(client, header, sizeof header))
        return false;
    size = wire_u32_at(header);
    CHECK(size <= FRAME_PAYLOAD_MAX && read_exactly(client, payload, size));
    if (header[4] == FRAME_STDOUT) {
        append(&heard->out, &heard->out_size, payload, size);
    } else if (header[4] == FRAME_STDERR) {
        append(&heard->err, &heard->err_size, payload, size);
    } else if (header[4] == FRAME_STARTED) {
        heard->started = true;
    } else if (header[4] == FRAME_CREDIT) {
        heard->credit += wire_u32_at(payload);
    } else if (header[4] == FRAME_EXIT) {
        heard->exited = true;
        heard->kind = wire_u32_at(payload);
        heard->value = wire_u32_at(payload + 4);
    } else if (header[4] == FRAME_ERROR) {
        payload[size] = '\0';
        snprintf(heard->error, sizeof heard->error, "%.100s", (char *)payload);
    } else {
        check_failed(__FILE__, __LINE__, "unknown frame");
    }
    return true;
}

void client_hear(int client, struct heard *heard)
{
    while (!heard->exited && hear_frame(client, heard))
        ;
}

void client_hear_some(int client, struct heard *heard)
{
    CHECK(hear_frame(client, heard));
}

void client_hear_until(int client, struct heard *heard, const char *text)
{
    while (!heard->out || !strstr(heard->out, text))
        CHECK(hear_frame(client, heard));
}

void heard_free(struct heard *heard)
{
    free(heard->out);
    free(heard->err);
    *heard = (struct heard){.out = NULL};
}

void run_container(struct fixture *fixture, const struct container *container, struct heard *heard,
                   struct task *task)
{
    struct planner *planner = malloc(sizeof *planner);
    struct packet *packet = malloc(sizeof *packet);
    int root = fixture_root();

    CHECK(planner && packet);
    plan_container(planner, container);
    task_spawn(fixture, task, planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, &root, 1);
    task_await(task, packet, TASK_STARTED);
    task->pid = (pid_t)wire_u32(&packet->message.args);
    client_hear(task->client, heard);
    CHECK(heard->exited);
    task_await(task, packet, TASK_EXIT);
    task_await(task, packet, TASK_DRAINED);
    task_delete(task);
    free(planner);
    free(packet);
}
