/* The client against a scripted daemon and monitor: client_test PROGRAM. */
#include "stage.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TERMINAL 1
#define STDIN 2
#define PROXY 4
#define RUNNING 8
#define NUMBERS(...)                                                                               \
    sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), (uint32_t[]) { __VA_ARGS__ }

static char *ps[] = {"felucca", "ps", NULL};

static void exited(int fd, uint32_t status)
{
    send_numbers(fd, FRAME_EXIT, NUMBERS(0, status));
}

/* announces streams and starts the process */
static void attach(struct stage *stage, uint32_t flags, const char *keys)
{
    uint8_t payload[4 + 16];

    put_u32(payload, flags);
    memcpy(payload + 4, keys, strlen(keys));
    send_frame(stage->daemon, FRAME_STREAMS, payload, 4 + strlen(keys));
    if (flags & RUNNING)
        return;
    send_numbers(stage->container, FRAME_CREDIT, NUMBERS(65536));
    send_numbers(stage->container, FRAME_STARTED, NUMBERS(42));
}

static void output_and_status(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    send_text(stage->daemon, FRAME_STDOUT, "out");
    send_text(stage->daemon, FRAME_STDERR, "err");
    exited(stage->daemon, 7);
    CHECK(stage_status(stage) == 7);
    expect_text(stage->out, "out");
    expect_text(stage->err, "err");
}

static void hello_carries_the_call(struct stage *stage)
{
    static struct message hello;
    char *call[] = {"felucca", "--namespace=dev", "run", "-x", "", NULL};
    const uint8_t *at = hello.payload;

    stage_start(stage, false, call);
    stage_greet(stage, &hello);
    CHECK(get_u32(at) == 1 && get_u32(at + 4) == 0 && get_u32(at + 8) == 0);
    CHECK(get_u32(at + 12) == 3 && memcmp(at + 16, "dev", 4) == 0);
    at += 20;
    at += (4 + get_u32(at) + 4) & ~3u; /* the working directory */
    CHECK(get_u32(at) == 3);
    CHECK(get_u32(at + 4) == 3 && memcmp(at + 8, "run", 4) == 0);
    CHECK(get_u32(at + 12) == 2 && memcmp(at + 16, "-x\0\0", 4) == 0);
    CHECK(get_u32(at + 20) == 0 && get_u32(at + 24) == 0);
    CHECK(get_u32(at + 28) > 0);
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 0);
}

static void large_hello_is_cut(struct stage *stage)
{
    static struct message hello;
    static char large[100000];
    char *call[] = {"felucca", "run", large, NULL};
    size_t total;

    memset(large, 'x', sizeof(large) - 1);
    stage_start(stage, false, call);
    stage_greet(stage, &hello);
    CHECK(hello.flags == FRAME_MORE && hello.size == FRAME_PAYLOAD);
    total = hello.size;
    receive_frame(stage->daemon, &hello);
    CHECK(hello.type == FRAME_HELLO && hello.flags == 0 && hello.fd == -1);
    CHECK(total + hello.size > sizeof(large));
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 0);
}

static void unreachable_daemon(struct stage *stage)
{
    char *call[] = {"felucca", "--address", "unix:///nonexistent/s", "ps", NULL};

    stage_start(stage, false, call);
    CHECK(stage_status(stage) == 125);
    expect_text(stage->err, "felucca: cannot reach the daemon at unix:///nonexistent/s: "
                            "no such file or directory; start it with felucca-daemon\n");
}

static void lost_daemon(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    close(stage->daemon);
    stage->daemon = -1;
    CHECK(stage_status(stage) == 125);
    expect_text(stage->err, "felucca: lost the daemon");
}

static void refusal_is_printed(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    send_text(stage->daemon, FRAME_ERROR, "permission denied");
    CHECK(stage_status(stage) == 125);
    expect_text(stage->err, "felucca: permission denied\n");
}

static void garbage_is_refused(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    CHECK(write(stage->daemon, "HTTP/1.1 400 Bad Request\r\n", 26) == 26);
    CHECK(stage_status(stage) == 125);
    expect_text(stage->err, "felucca: the other side does not speak the command protocol");
}

static void input_follows_credit(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    CHECK(write(stage->in, "abcdefgh", 8) == 8);
    send_numbers(stage->daemon, FRAME_CREDIT, NUMBERS(3));
    expect_frame(stage->daemon, FRAME_STDIN, "abc");
    send_numbers(stage->daemon, FRAME_CREDIT, NUMBERS(100));
    expect_frame(stage->daemon, FRAME_STDIN, "defgh");
    close(stage->in);
    stage->in = -1;
    expect_frame(stage->daemon, FRAME_STDIN_EOF, "");
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 0);
}

static void container_status_counts(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    attach(stage, STDIN | PROXY, "");
    CHECK(write(stage->in, "hi", 2) == 2);
    expect_frame(stage->container, FRAME_STDIN, "hi");
    exited(stage->daemon, 0);
    send_text(stage->container, FRAME_STDOUT, "late");
    exited(stage->container, 3);
    CHECK(stage_status(stage) == 3);
    expect_text(stage->out, "late");
}

static void container_signal_counts(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    attach(stage, 0, "");
    send_numbers(stage->container, FRAME_EXIT, NUMBERS(1, 9));
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 137);
}

static void unknown_end_is_said(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    attach(stage, 0, "");
    send_frame(stage->container, FRAME_EXIT, "\2\0\0\0\0\0\0\0gone", 12);
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 255);
    expect_text(stage->err, "felucca: the end of the process is not known: gone\n");
}

static void daemon_dies_while_the_process_runs(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    attach(stage, PROXY, "");
    close(stage->daemon);
    stage->daemon = -1;
    send_text(stage->container, FRAME_STDOUT, "still here");
    expect_text(stage->out, "still here");
    kill(stage->client, SIGUSR1);
    expect_number(stage->container, FRAME_SIGNAL, SIGUSR1);
    exited(stage->container, 5);
    CHECK(stage_status(stage) == 5);
}

static void start_fails(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    send_numbers(stage->daemon, FRAME_STREAMS, NUMBERS(PROXY));
    close(stage->container);
    stage->container = -1;
    send_text(stage->daemon, FRAME_STDERR, "felucca: cannot execute x\n");
    exited(stage->daemon, 127);
    CHECK(stage_status(stage) == 127);
    expect_text(stage->err, "felucca: cannot execute x\n");
}

static void early_signal_follows_the_process(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    send_numbers(stage->daemon, FRAME_STREAMS, NUMBERS(PROXY));
    send_text(stage->daemon, FRAME_STDERR, ".");
    expect_text(stage->err, "."); /* signals are taken from here on */
    kill(stage->client, SIGTERM);
    expect_number(stage->daemon, FRAME_SIGNAL, SIGTERM);
    send_numbers(stage->container, FRAME_STARTED, NUMBERS(42));
    expect_number(stage->container, FRAME_SIGNAL, SIGTERM);
    exited(stage->daemon, 143);
    exited(stage->container, 0);
    CHECK(stage_status(stage) == 0);
}

static void signal_goes_to_the_daemon_once(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    send_text(stage->daemon, FRAME_STDOUT, ".");
    expect_text(stage->out, ".");
    kill(stage->client, SIGINT);
    expect_number(stage->daemon, FRAME_SIGNAL, SIGINT);
    kill(stage->client, SIGINT);
    CHECK(stage_status(stage) == 130);
}

static void signal_without_proxy_leaves(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    attach(stage, 0, "");
    send_text(stage->container, FRAME_STDOUT, ".");
    expect_text(stage->out, ".");
    kill(stage->client, SIGTERM);
    expect_frame(stage->container, FRAME_DETACH, "");
    CHECK(stage_status(stage) == 143);
}

static void nohup_stays_nohup(struct stage *stage)
{
    signal(SIGHUP, SIG_IGN);
    stage_start(stage, false, ps);
    signal(SIGHUP, SIG_DFL);
    stage_greet(stage, NULL);
    attach(stage, PROXY, "");
    send_text(stage->container, FRAME_STDOUT, ".");
    expect_text(stage->out, ".");
    kill(stage->client, SIGHUP);
    kill(stage->client, SIGUSR1);
    expect_number(stage->container, FRAME_SIGNAL, SIGUSR1);
    exited(stage->container, 0);
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 0);
}

static bool echoes(struct stage *stage)
{
    struct termios attributes;

    CHECK(tcgetattr(stage->in, &attributes) == 0);
    return attributes.c_lflag & ECHO;
}

static void terminal_is_raw_and_restored(struct stage *stage)
{
    static struct message window;

    stage_start(stage, true, ps);
    stage_greet(stage, NULL);
    CHECK(echoes(stage));
    attach(stage, TERMINAL | STDIN | PROXY, "\x10\x11");
    receive_frame(stage->container, &window);
    CHECK(window.type == FRAME_WINDOW && memcmp(window.payload, "\x18\0\x50\0", 4) == 0);
    CHECK(!echoes(stage));
    CHECK(write(stage->terminal, "a\x10", 2) == 2);
    expect_frame(stage->container, FRAME_STDIN, "a");
    CHECK(write(stage->terminal, "b", 1) == 1);
    expect_frame(stage->container, FRAME_STDIN, "\x10"
                                                "b");
    CHECK(write(stage->terminal, "\x10\x11", 2) == 2);
    expect_frame(stage->container, FRAME_DETACH, "");
    expect_text(stage->terminal, "\r\n");
    CHECK(stage_status(stage) == 0);
    CHECK(echoes(stage));
}

static void terminal_is_restored_by_signal(struct stage *stage)
{
    static struct message window;

    stage_start(stage, true, ps);
    stage_greet(stage, NULL);
    attach(stage, TERMINAL | RUNNING, "");
    receive_frame(stage->container, &window);
    CHECK(!echoes(stage));
    kill(stage->client, SIGHUP);
    CHECK(stage_status(stage) == 129);
    CHECK(echoes(stage));
}

static void terminal_size_is_passed_on(struct stage *stage)
{
    static struct message window;
    struct winsize size = {.ws_row = 50, .ws_col = 132};

    stage_start(stage, true, ps);
    stage_greet(stage, NULL);
    attach(stage, TERMINAL | RUNNING, "");
    receive_frame(stage->container, &window);
    CHECK(ioctl(stage->terminal, TIOCSWINSZ, &size) == 0);
    receive_frame(stage->container, &window);
    CHECK(window.type == FRAME_WINDOW && memcmp(window.payload, "\x32\0\x84\0", 4) == 0);
    exited(stage->container, 0);
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 0);
}

static void named_file_is_passed(struct stage *stage)
{
    static struct message file;
    char path[128], ask[160], option[160], text[16];
    char *call[] = {"felucca", "run", option, NULL};
    FILE *made;

    snprintf(path, sizeof(path), "%s/vars", stage->directory);
    snprintf(option, sizeof(option), "--env-file=%s", path);
    made = fopen(path, "w");
    CHECK(made != NULL && fputs("A=1\n", made) >= 0 && fclose(made) == 0);
    stage_start(stage, false, call);
    stage_greet(stage, NULL);
    put_u32((uint8_t *)ask, 17);
    strcpy(ask + 4, path);
    send_frame(stage->daemon, FRAME_OPEN_FILE, ask, 4 + strlen(path));
    receive_frame(stage->daemon, &file);
    CHECK(file.type == FRAME_FILE && get_u32(file.payload) == 17 && get_u32(file.payload + 4) == 0);
    CHECK(file.fd >= 0 && read(file.fd, text, sizeof(text)) == 4 && memcmp(text, "A=1\n", 4) == 0);
    close(file.fd);
    strcpy(ask + 4, "/etc/passwd");
    send_frame(stage->daemon, FRAME_OPEN_FILE, ask, 4 + strlen("/etc/passwd"));
    receive_frame(stage->daemon, &file);
    CHECK(file.type == FRAME_FILE && get_u32(file.payload + 4) == EACCES && file.fd == -1);
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 0);
    unlink(path);
}

static void make_file(struct stage *stage, char *path, size_t size, struct message *file)
{
    char ask[160];
    static char *call[] = {"felucca", "save", "-o", NULL, NULL};

    snprintf(path, size, "%s/made", stage->directory);
    call[3] = path;
    stage_start(stage, false, call);
    stage_greet(stage, NULL);
    put_u32((uint8_t *)ask, 18);
    strcpy(ask + 4, path);
    send_frame(stage->daemon, FRAME_CREATE_FILE, ask, 4 + strlen(path));
    receive_frame(stage->daemon, file);
    CHECK(file->type == FRAME_FILE && get_u32(file->payload + 4) == 0 && file->fd >= 0);
    CHECK(write(file->fd, "made\n", 5) == 5);
    close(file->fd);
    CHECK(access(path, F_OK) < 0);
}

static void made_file_gets_its_name_after_success(struct stage *stage)
{
    static struct message file;
    char path[128];

    make_file(stage, path, sizeof(path), &file);
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 0);
    CHECK(access(path, F_OK) == 0);
    unlink(path);
}

static void made_file_goes_after_a_failure(struct stage *stage)
{
    static struct message file;
    char path[128];

    make_file(stage, path, sizeof(path), &file);
    exited(stage->daemon, 1);
    CHECK(stage_status(stage) == 1);
    CHECK(access(path, F_OK) < 0);
}

static void echo_is_hidden_and_comes_back(struct stage *stage)
{
    static struct message typed;
    uint32_t hide = 0, show = 1;

    stage_start(stage, true, ps);
    stage_greet(stage, NULL);
    send_numbers(stage->daemon, FRAME_ECHO, 1, &hide);
    send_text(stage->daemon, FRAME_STDERR, "Password: ");
    expect_text(stage->terminal, "Password: ");
    CHECK(!echoes(stage));
    CHECK(write(stage->terminal, "secret\n", 7) == 7);
    send_numbers(stage->daemon, FRAME_CREDIT, 1, &(uint32_t){100});
    receive_frame(stage->daemon, &typed);
    CHECK(typed.type == FRAME_STDIN && typed.size == 7);
    send_numbers(stage->daemon, FRAME_ECHO, 1, &show);
    send_text(stage->daemon, FRAME_STDERR, "x");
    expect_text(stage->terminal, "x"); /* and not what was typed */
    CHECK(echoes(stage));
    send_numbers(stage->daemon, FRAME_ECHO, 1, &hide);
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 0);
    CHECK(echoes(stage));
}

static void closed_output_ends_by_sigpipe(struct stage *stage)
{
    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    close(stage->out);
    stage->out = -1;
    send_text(stage->daemon, FRAME_STDOUT, "nobody reads");
    CHECK(stage_status(stage) == 128 + SIGPIPE);
}

#define FLOOD 40

static void slow_reader_loses_nothing_and_signals_pass(struct stage *stage)
{
    static char chunk[FRAME_PAYLOAD], all[FLOOD * FRAME_PAYLOAD + 1];
    pid_t feeder;

    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    attach(stage, PROXY, "");
    send_text(stage->container, FRAME_STDOUT, ".");
    expect_text(stage->out, ".");
    feeder = fork();
    CHECK(feeder >= 0);
    if (feeder == 0) {
        for (int i = 0; i < FLOOD; i++) {
            memset(chunk, 'a' + i % 26, sizeof(chunk));
            send_frame(stage->container, FRAME_STDOUT, chunk, sizeof(chunk));
        }
        exited(stage->container, 0);
        exited(stage->daemon, 0);
        _exit(0);
    }
    /* nobody reads its output: it must still take signals */
    kill(stage->client, SIGUSR2);
    expect_number(stage->container, FRAME_SIGNAL, SIGUSR2);
    CHECK(read_all(stage->out, all, sizeof(all)) == FLOOD * FRAME_PAYLOAD);
    for (int i = 0; i < FLOOD; i++)
        CHECK(all[i * FRAME_PAYLOAD] == 'a' + i % 26 &&
              all[(i + 1) * FRAME_PAYLOAD - 1] == 'a' + i % 26);
    CHECK(stage_status(stage) == 0);
}

static void many_small_frames_do_not_stall(struct stage *stage)
{
    static char all[8192];

    stage_start(stage, false, ps);
    stage_greet(stage, NULL);
    for (int i = 0; i < 500; i++) {
        send_text(stage->daemon, FRAME_STDOUT, "x");
        send_numbers(stage->daemon, FRAME_CREDIT, NUMBERS(1));
    }
    exited(stage->daemon, 0);
    CHECK(stage_status(stage) == 0);
    CHECK(read_all(stage->out, all, sizeof(all)) == 500);
}

static const struct {
    const char *name;
    void (*run)(struct stage *stage);
} cases[] = {
    {"output and status", output_and_status},
    {"hello carries the call", hello_carries_the_call},
    {"large hello is cut", large_hello_is_cut},
    {"unreachable daemon", unreachable_daemon},
    {"lost daemon", lost_daemon},
    {"refusal is printed", refusal_is_printed},
    {"garbage is refused", garbage_is_refused},
    {"input follows credit", input_follows_credit},
    {"container status counts", container_status_counts},
    {"container signal counts", container_signal_counts},
    {"unknown end is said", unknown_end_is_said},
    {"daemon dies while the process runs", daemon_dies_while_the_process_runs},
    {"start fails", start_fails},
    {"early signal follows the process", early_signal_follows_the_process},
    {"signal goes to the daemon once", signal_goes_to_the_daemon_once},
    {"signal without proxy leaves", signal_without_proxy_leaves},
    {"nohup stays nohup", nohup_stays_nohup},
    {"terminal is raw and restored", terminal_is_raw_and_restored},
    {"terminal is restored by signal", terminal_is_restored_by_signal},
    {"terminal size is passed on", terminal_size_is_passed_on},
    {"named file is passed", named_file_is_passed},
    {"made file gets its name after success", made_file_gets_its_name_after_success},
    {"made file goes after a failure", made_file_goes_after_a_failure},
    {"echo is hidden and comes back", echo_is_hidden_and_comes_back},
    {"closed output ends by SIGPIPE", closed_output_ends_by_sigpipe},
    {"slow reader loses nothing, signals pass", slow_reader_loses_nothing_and_signals_pass},
    {"many small frames do not stall", many_small_frames_do_not_stall},
};

int main(int argc, char **argv)
{
    size_t count = sizeof(cases) / sizeof(cases[0]);

    CHECK(argc == 2);
    for (size_t i = 0; i < count; i++) {
        struct stage stage;

        stage_case = cases[i].name;
        stage_open(&stage, argv[1]);
        cases[i].run(&stage);
        stage_close(&stage);
        printf("ok client: %s\n", cases[i].name);
    }
    printf("client: %zu cases passed with %s\n", count, argv[1]);
    return 0;
}
