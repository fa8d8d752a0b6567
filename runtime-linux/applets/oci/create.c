/* create, run and start. */
#define _GNU_SOURCE
#include "cgroup.h"
#include "compiler.h"
#include "console.h"
#include "files.h"
#include "launch.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "lifecycle.h"
#include "oci.h"
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct creation {
    struct container container;
    struct launch launch;
    struct answer answer;
    struct wire_bytes plan;
    const char *bundle;
    const char *pid_file;
    const char *console_socket;
    const char *preserve;
    bool no_pivot;
    bool no_keyring;
    bool detach;
    bool keep;
    bool run; /* not only create */
    struct inherited inherited;
    char *config;
    size_t config_size;
};

static int ask(struct creation *creation, uint32_t facts)
{
    struct container *container = &creation->container;
    cleanup_free char *mounts = file_cgroup_mounts();
    size_t size = 0;
    cleanup_free char *memberships = file_read("/proc/self/cgroup", &size);
    struct request request;
    uint32_t rows;
    uint32_t columns;

    if (!mounts || !memberships)
        return say_errno(errno, "cannot read /proc/self");
    console_size(&rows, &columns);
    if (request_begin(&request, REQUEST_CREATE,
                      creation->config_size + strlen(mounts) + size + 8192) < 0)
        return -1;
    wire_put_string(&request.out, container->id);
    wire_put_string(&request.out, container->bundle);
    wire_put_bytes(&request.out, creation->config, creation->config_size);
    wire_put_string(&request.out, mounts);
    wire_put_string(&request.out, memberships);
    wire_put_u32(&request.out, facts | (creation->no_keyring ? FACT_NO_KEYRING : 0));
    wire_put_u32(&request.out, rows);
    wire_put_u32(&request.out, columns);
    wire_put_u32(&request.out, (uint32_t)creation->inherited.listen);
    return request_send(&request, &creation->answer);
}

int answer_places(struct wire_reader *in, struct container *container)
{
    container->place_count = (int)wire_u32(in);
    if (container->place_count < 0 || container->place_count > PLACES_MAX)
        return say("the plan compiler's answer is malformed");
    for (int i = 0; i < container->place_count; i++) {
        struct place *place = &container->places[i];

        place->version = wire_u32(in);
        place->flags = wire_u32(in);
        place->mount = wire_string(in);
        place->path = wire_string(in);
        place->controllers = wire_string(in);
    }
    return in->bad ? say("the plan compiler's answer is malformed") : 0;
}

/* the rest of an answer: warnings, pointers, plan */
int answer_plan(struct wire_reader *in, struct launch *launch, struct wire_bytes *plan)
{
    struct wire_list warnings = wire_list(in);

    for (const char *text = wire_next(&warnings); text; text = wire_next(&warnings))
        report_warning("%s", text);
    launch->origins = wire_list(in);
    *plan = wire_bytes(in);
    return in->bad ? say("the plan compiler's answer is malformed") : 0;
}

/* makes what the answer says; returns 1 when the kernel takes no device program */
static int take_answer(struct creation *creation)
{
    struct container *container = &creation->container;
    struct wire_reader *in = &creation->answer.in;
    int rc;

    container->flags = wire_u32(in);
    container->rootfs = wire_string(in);
    if (answer_places(in, container) < 0 || cgroup_make(container) < 0 ||
        cgroup_apply(container, in) < 0)
        return -1;
    rc = cgroup_attach_program(container, wire_bytes(in));
    if (rc != 0)
        return rc;
    container->document = wire_string(in);
    return answer_plan(in, &creation->launch, &creation->plan);
}

static int compile(struct creation *creation)
{
    int rc;

    if (ask(creation, 0) < 0)
        return -1;
    rc = take_answer(creation);
    if (rc <= 0)
        return rc;
    if (cgroup_remove(&creation->container) < 0)
        return -1;
    answer_free(&creation->answer);
    if (ask(creation, FACT_NO_DEVICE_PROGRAMS) < 0)
        return -1;
    rc = take_answer(creation);
    return rc > 0 ? say("the plan compiler's answer is malformed") : rc;
}

/* the root file system as a detached mount of its own, with what is mounted in it */
static int open_root(struct creation *creation)
{
    const char *path = creation->container.rootfs;
    struct k_mount_attr private = {.propagation = MS_PRIVATE};
    cleanup_fd int tree = -1;
    int rc;

    if (!*path)
        return say("invalid container configuration at /root/path: it is missing; name a directory");
    tree = k_open_tree(AT_FDCWD, path,
                       K_OPEN_TREE_CLONE | K_AT_RECURSIVE | (unsigned)O_CLOEXEC);
    if (tree < 0)
        return say_errno(-tree, "cannot open the root file system %s (/root/path)", path);
    rc = k_mount_setattr(tree, K_AT_EMPTY_PATH | K_AT_RECURSIVE, &private);
    if (rc < 0)
        return say_errno(-rc, "cannot make the root file system %s private", path);
    creation->launch.slots[0] = steal_fd(&tree);
    return 0;
}

static int listen_for_start(struct creation *creation)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    cleanup_fd int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/start",
             creation->container.dir);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1) < 0)
        return say_errno(errno, "cannot make the start socket of container %s",
                         creation->container.id);
    creation->launch.init.start = steal_fd(&fd);
    return 0;
}

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_REALTIME, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int record(struct creation *creation)
{
    struct container *container = &creation->container;

    container->pid = creation->launch.pid;
    container->start = state_start_time(container->pid);
    container->created = now();
    container->config = (struct wire_bytes){.data = (const uint8_t *)creation->config,
                                            .size = (uint32_t)creation->config_size};
    if ((!creation->run || (container->flags & STATE_HOOKS)) &&
        state_save_plan(container, creation->plan.data, creation->plan.size) < 0)
        return -1;
    return state_save(container);
}

static int hand_console(struct creation *creation)
{
    bool terminal = creation->container.flags & STATE_TERMINAL;

    if (!terminal || !creation->console_socket)
        return 0;
    if (console_send(creation->console_socket, creation->launch.master) < 0)
        return -1;
    close_fd_at(&creation->launch.master);
    return 0;
}

static int check_terminal(const struct creation *creation)
{
    bool terminal = creation->container.flags & STATE_TERMINAL;
    bool stays = creation->run && !creation->detach;

    if (terminal && !stays && !creation->console_socket)
        return say("cannot give the container a terminal: nobody stays to serve it; give "
                   "--console-socket");
    if (!terminal && creation->console_socket)
        return say("cannot use --console-socket: the container has no terminal "
                   "(/process/terminal)");
    return 0;
}

static int make_process(struct creation *creation)
{
    struct launch *launch = &creation->launch;
    struct container *container = &creation->container;

    if (check_terminal(creation) < 0 || open_root(creation) < 0 ||
        cgroup_open(container, launch->slots + 1) < 0)
        return -1;
    launch->init.no_pivot = creation->no_pivot;
    launch->init.inherited = creation->inherited.count;
    launch->init.autostart = creation->run;
    if (!creation->run && listen_for_start(creation) < 0)
        return -1;
    if (launch_prepare(launch, creation->plan) < 0 || launch_fork(launch) < 0)
        return -1;
    if (launch->pid > 0 && record(creation) < 0)
        return -1;
    if (launch_drive(launch) < 0)
        return -1;
    if (container->pid == 0 && record(creation) < 0) /* made by a helper: known only now */
        return -1;
    close_fd_at(&launch->init.start);
    if (hand_console(creation) < 0)
        return -1;
    if (creation->run && (container->flags & STATE_HOOKS) &&
        launch_hooks(&launch->plan, HOOK_POSTSTART, launch->pid) < 0)
        return -1;
    if (creation->pid_file && file_write_pid(creation->pid_file, launch->pid) < 0)
        return -1;
    return 0;
}

static void undo(struct creation *creation)
{
    char first[2048];

    snprintf(first, sizeof first, "%s", said());
    launch_kill(&creation->launch);
    if (creation->container.place_count > 0 && cgroup_remove(&creation->container) < 0)
        report_warning("%s", said());
    if (creation->container.dir >= 0 && state_remove(&creation->container) < 0)
        report_warning("%s", said());
    say("%s", first);
}

static int read_bundle(struct creation *creation)
{
    char path[4200];
    char *bundle = file_real(creation->bundle ? creation->bundle : ".");

    if (!bundle)
        return say_errno(errno, "cannot use bundle %s", creation->bundle ? creation->bundle : ".");
    creation->container.bundle = bundle;
    snprintf(path, sizeof path, "%s/config.json", bundle);
    creation->config = file_read(path, &creation->config_size);
    if (!creation->config)
        return say_errno(errno, "cannot read %s", path);
    return 0;
}

/* -1 with a failure noted */
static int count_of(const char *name, const char *text)
{
    char *end;
    long count = strtol(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end || count > INHERITED_MAX)
        return say("%s: '%s' is no number within 0..%d", name, text, INHERITED_MAX);
    return (int)count;
}

int take_inherited(struct inherited *inherited, const char *preserve)
{
    const char *listen = getenv("LISTEN_FDS");
    int preserved = preserve ? count_of("option --preserve-fds", preserve) : 0;

    inherited->listen = listen && *listen ? count_of("variable LISTEN_FDS", listen) : 0;
    if (preserved < 0 || inherited->listen < 0)
        return -1;
    inherited->count = preserved + inherited->listen;
    for (int fd = 3; fd < 3 + inherited->count; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            return say("cannot hand descriptor %d on: it is not open", fd);
    /* a container that is parked for long must hold nothing that the caller waits for */
    k_close_range(3 + (unsigned)inherited->count, UINT_MAX, 0);
    return 0;
}

static int make(struct creation *creation, const char *id)
{
    launch_init(&creation->launch);
    creation->container.dir = -1;
    if (globals.systemd_cgroup)
        return say("cannot use --systemd-cgroup: this build drives cgroups by their file system "
                   "only; leave the option out (podman: --cgroup-manager cgroupfs, containerd: "
                   "SystemdCgroup = false)");
    if (take_inherited(&creation->inherited, creation->preserve) < 0 ||
        read_bundle(creation) < 0 || state_make(&creation->container, id) < 0)
        return -1;
    if (compile(creation) < 0 || make_process(creation) < 0) {
        undo(creation);
        return -1;
    }
    return 0;
}

static const struct option *options_of(struct creation *creation)
{
    static struct option options[12];
    const struct option all[] = {
        {"bundle,b", OPTION_TEXT, &creation->bundle},
        {"pid-file", OPTION_TEXT, &creation->pid_file},
        {"console-socket", OPTION_TEXT, &creation->console_socket},
        {"preserve-fds", OPTION_TEXT, &creation->preserve},
        {"no-pivot", OPTION_FLAG, &creation->no_pivot},
        {"no-new-keyring", OPTION_FLAG, &creation->no_keyring},
        {"pidfd-socket", OPTION_TEXT, NULL},
        {"no-subreaper", OPTION_FLAG, NULL},
        {creation->run ? "detach,d" : "no-such-option", OPTION_FLAG, &creation->detach},
        {creation->run ? "keep" : "no-such-option", OPTION_FLAG, &creation->keep},
        {NULL, OPTION_FLAG, NULL},
    };

    memcpy(options, all, sizeof all);
    return options;
}

int command_create(int argc, char **argv)
{
    static struct creation creation;
    const char *id = options_id(argc, argv, options_read(options_of(&creation), argc, argv), 1);

    return id && make(&creation, id) == 0 ? 0 : 1;
}

int command_run(int argc, char **argv)
{
    static struct creation creation = {.run = true};
    const char *id = options_id(argc, argv, options_read(options_of(&creation), argc, argv), 1);
    int status;

    if (!id)
        return 1;
    if (!creation.detach)
        foreground_begin();
    if (make(&creation, id) < 0)
        return 1;
    if (creation.detach)
        return 0;
    status = foreground_wait(creation.launch.pid, creation.launch.master);
    if (status < 0)
        return 1;
    if (!creation.keep && container_destroy(&creation.container) < 0)
        report_failure();
    return status;
}

static int connect_start(const struct container *container)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    cleanup_fd int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/start", container->dir);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return -errno;
    /* who removes the name is the one who starts */
    return unlinkat(container->dir, "start", 0) < 0 ? -errno : steal_fd(&fd);
}

static int start_container(struct container *container)
{
    struct launch launch;
    enum status status = state_status(container);
    uint32_t bad;
    size_t size;
    cleanup_free void *plan = NULL;
    int connection;

    launch_init(&launch);
    if (status != STATUS_CREATED)
        return say("cannot start a container in the %s state", state_name(status));
    plan = state_load_plan(container, &size);
    if (!plan)
        return say_errno(errno, "cannot read the plan of container %s", container->id);
    if (plan_read(&launch.plan, plan, size, &bad, &launch.failure) < 0)
        return say("%s", launch.failure.text);
    connection = connect_start(container);
    if (connection < 0)
        return say_errno(-connection, "cannot reach the init of container %s", container->id);
    if (launch_resume(&launch, connection, container->pid) < 0)
        return -1;
    if (!(container->flags & STATE_HOOKS))
        return 0;
    if (launch_hooks(&launch.plan, HOOK_POSTSTART, container->pid) == 0)
        return 0;
    /* runtime-spec 1.3: a failed poststart hook ends it; it may have ended already */
    state_signal(container, SIGKILL);
    return -1;
}

int command_start(int argc, char **argv)
{
    static const struct option options[] = {{NULL, OPTION_FLAG, NULL}};
    const char *id = options_id(argc, argv, options_read(options, argc, argv), 1);
    struct container container;

    return id && state_load(&container, id) == 0 && start_container(&container) == 0 ? 0 : 1;
}
