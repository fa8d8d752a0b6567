#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

const char *stage_case = "";

#define PATIENCE 30 /* seconds until SIGALRM ends the test */

void stage_open(struct stage *stage, const char *program)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};

    *stage = (struct stage){.program = program, .terminal = -1, .daemon = -1, .container = -1};
    stage->in = stage->out = stage->err = -1;
    strcpy(stage->directory, "/tmp/felucca-client-XXXXXX");
    CHECK(mkdtemp(stage->directory) != NULL);
    snprintf(name.sun_path, sizeof(name.sun_path), "%s/s", stage->directory);
    snprintf(stage->address, sizeof(stage->address), "unix://%s", name.sun_path);
    stage->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(stage->listener, (struct sockaddr *)&name, sizeof(name)) == 0);
    CHECK(listen(stage->listener, 4) == 0);
    alarm(PATIENCE);
}

static void shut(int fd)
{
    if (fd >= 0)
        close(fd);
}

void stage_close(struct stage *stage)
{
    char path[96];

    snprintf(path, sizeof(path), "%s/s", stage->directory);
    unlink(path);
    rmdir(stage->directory);
    shut(stage->listener);
    shut(stage->daemon);
    shut(stage->container);
    shut(stage->terminal);
    shut(stage->in);
    shut(stage->out);
    shut(stage->err);
    alarm(0);
}

static void become_client(struct stage *stage, const int ends[3], char **arguments)
{
    setsid();
    if (stage->terminal >= 0)
        ioctl(ends[0], TIOCSCTTY, 0);
    for (int i = 0; i < 3; i++)
        dup2(ends[i], i);
    setenv("FELUCCA_ADDRESS", stage->address, 1);
    execv(stage->program, arguments);
    _exit(99);
}

static void open_terminal(struct stage *stage, int ends[3])
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};

    stage->terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(stage->terminal >= 0 && grantpt(stage->terminal) == 0 && unlockpt(stage->terminal) == 0);
    CHECK(ioctl(stage->terminal, TIOCSWINSZ, &size) == 0);
    ends[0] = open(ptsname(stage->terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(ends[0] >= 0);
    ends[1] = ends[2] = ends[0];
}

static void open_pipes(struct stage *stage, int ends[3])
{
    int in[2], out[2], err[2];

    CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0);
    stage->in = in[1];
    stage->out = out[0];
    stage->err = err[0];
    ends[0] = in[0];
    ends[1] = out[1];
    ends[2] = err[1];
}

void stage_start(struct stage *stage, bool terminal, char **arguments)
{
    int ends[3];

    if (terminal)
        open_terminal(stage, ends);
    else
        open_pipes(stage, ends);
    stage->client = fork();
    CHECK(stage->client >= 0);
    if (stage->client == 0)
        become_client(stage, ends, arguments);
    if (terminal) {
        /* stays open here: what the client leaves as attributes is to be read after its end */
        stage->in = ends[0];
        return;
    }
    for (int i = 0; i < 3; i++)
        close(ends[i]);
}

void stage_greet(struct stage *stage, struct message *hello)
{
    static struct message own;
    struct message *message = hello != NULL ? hello : &own;

    stage->daemon = accept4(stage->listener, NULL, NULL, SOCK_CLOEXEC);
    CHECK(stage->daemon >= 0);
    receive_frame(stage->daemon, message);
    CHECK(message->type == FRAME_HELLO && message->fd >= 0);
    stage->container = message->fd;
}

void send_frame(int fd, uint8_t type, const void *payload, size_t size)
{
    uint8_t header[FRAME_HEADER];

    frame_header(header, type, 0, (uint32_t)size);
    CHECK(send(fd, header, sizeof(header), MSG_NOSIGNAL) == (ssize_t)sizeof(header));
    for (size_t at = 0; at < size;) {
        ssize_t sent = send(fd, (const char *)payload + at, size - at, MSG_NOSIGNAL);

        CHECK(sent > 0);
        at += (size_t)sent;
    }
}

void send_text(int fd, uint8_t type, const char *text)
{
    send_frame(fd, type, text, strlen(text));
}

void send_numbers(int fd, uint8_t type, size_t count, const uint32_t *numbers)
{
    uint8_t payload[64];

    for (size_t i = 0; i < count; i++)
        put_u32(payload + 4 * i, numbers[i]);
    send_frame(fd, type, payload, 4 * count);
}

static void receive_bytes(int fd, uint8_t *data, size_t size, int *passed)
{
    for (size_t at = 0; at < size;) {
        union {
            struct cmsghdr header;
            char space[CMSG_SPACE(sizeof(int))];
        } control;
        struct iovec vector = {data + at, size - at};
        struct msghdr message = {.msg_iov = &vector,
                                 .msg_iovlen = 1,
                                 .msg_control = &control,
                                 .msg_controllen = sizeof(control)};
        ssize_t count = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
        struct cmsghdr *first = CMSG_FIRSTHDR(&message);

        CHECK(count > 0);
        if (first != NULL && first->cmsg_type == SCM_RIGHTS)
            memcpy(passed, CMSG_DATA(first), sizeof(int));
        at += (size_t)count;
    }
}

void receive_frame(int fd, struct message *message)
{
    uint8_t header[FRAME_HEADER];

    message->fd = -1;
    receive_bytes(fd, header, sizeof(header), &message->fd);
    message->size = get_u32(header);
    message->type = header[4];
    message->flags = header[5];
    CHECK(message->size <= FRAME_PAYLOAD);
    receive_bytes(fd, message->payload, message->size, &message->fd);
}

void expect_frame(int fd, uint8_t type, const char *payload)
{
    static struct message message;

    receive_frame(fd, &message);
    CHECK(message.type == type);
    CHECK(message.size == strlen(payload) && memcmp(message.payload, payload, message.size) == 0);
}

void expect_number(int fd, uint8_t type, uint32_t number)
{
    static struct message message;

    receive_frame(fd, &message);
    CHECK(message.type == type && message.size == 4 && get_u32(message.payload) == number);
}

void expect_text(int fd, const char *text)
{
    char buffer[4096];
    size_t size = strlen(text), at = 0;

    while (at < size) {
        ssize_t count = read(fd, buffer + at, size - at);

        CHECK(count > 0);
        at += (size_t)count;
    }
    CHECK(memcmp(buffer, text, size) == 0);
}

size_t read_all(int fd, char *buffer, size_t size)
{
    size_t at = 0;
    ssize_t count;

    while (at < size && (count = read(fd, buffer + at, size - at)) > 0)
        at += (size_t)count;
    return at;
}

int stage_status(struct stage *stage)
{
    int status;

    CHECK(waitpid(stage->client, &status, 0) == stage->client);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
