/* What the program inherits: identity, capabilities, limits, directory, descriptors, hooks. */
#define _GNU_SOURCE
#include "fixture.h"
#include "lib/fd.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})

static struct planner planner;
static struct packet packet;

static struct heard run(struct fixture *f, const struct container *container)
{
    struct heard heard = {0};
    struct task task;

    run_container(f, container, &heard, &task);
    CHECK(heard.out != NULL);
    return heard;
}

static void root_hasTheDefaultCapabilities(struct fixture *f)
{
    struct heard heard = run(f, &(struct container){.argv = ARGV("guest", "status")});

    CHECK_TEXT(heard.out, "CapEff:\t00000000a80425fb");
    CHECK_TEXT(heard.out, "CapBnd:\t00000000a80425fb");
    CHECK_TEXT(heard.out, "CapAmb:\t0000000000000000");
    CHECK_TEXT(heard.out, "NoNewPrivs:\t1");
    CHECK_TEXT(heard.out, "Umask:\t0022");
    heard_free(&heard);
}

static void user_hasNoCapabilities(struct fixture *f)
{
    struct heard heard = run(f, &(struct container){.argv = ARGV("guest", "status"), .uid = 1234});

    CHECK_TEXT(heard.out, "Uid:\t1234\t1234\t1234\t1234");
    CHECK_TEXT(heard.out, "Gid:\t1234\t1234\t1234\t1234");
    CHECK_TEXT(heard.out, "CapEff:\t0000000000000000");
    CHECK_TEXT(heard.out, "CapPrm:\t0000000000000000");
    heard_free(&heard);
}

static void user_mayReopenItsStreams(struct fixture *f)
{
    struct heard heard = run(
        f, &(struct container){.argv = ARGV("guest", "write", "/dev/stdout"), .uid = 1234});

    CHECK_TEXT(heard.out, "write 0");
    heard_free(&heard);
}

static void names_areSet(struct fixture *f)
{
    struct heard heard =
        run(f, &(struct container){.argv = ARGV("guest", "names"), .cwd = "/work/new/dir"});

    CHECK_TEXT(heard.out, "host felucca");
    CHECK_TEXT(heard.out, "pid 1\n");
    CHECK_TEXT(heard.out, "sid 1\n");
    CHECK_TEXT(heard.out, "cwd /work/new/dir");
    heard_free(&heard);
}

static void environment_isExact(struct fixture *f)
{
    struct heard heard = run(f, &(struct container){.argv = ARGV("guest", "env")});

    CHECK_TEXT(heard.out, "PATH=/bin:/sbin\nA=b\n");
    CHECK_INT((long)heard.out_size, (long)strlen("PATH=/bin:/sbin\nA=b\n"));
    heard_free(&heard);
}

static void descriptors_areStdioOnly(struct fixture *f)
{
    struct heard heard = run(f, &(struct container){.argv = ARGV("guest", "fds")});

    CHECK_INT(strcmp(heard.out, "0 1 2 \n"), 0);
    heard_free(&heard);
}

static void limit_files(struct planner *p)
{
    plan_op(p, OP_RLIMIT, "ill", (uint32_t)RLIMIT_NOFILE, 100ull, 200ull);
}

static void rlimit_isSet(struct fixture *f)
{
    struct heard heard = run(
        f, &(struct container){.argv = ARGV("guest", "limit", "7"), .process = limit_files});

    CHECK_TEXT(heard.out, "limit 100 200");
    heard_free(&heard);
}

static void limit_too_high(struct planner *p)
{
    plan_op_flags(p, OP_CLAMP, OP_RLIMIT, "ill", (uint32_t)RLIMIT_CORE, 1ull << 40, 1ull << 40);
}

/* the spawn of this test cannot raise limits: the capability leaves the bounding set before */
static void rlimit_aboveTheHardOne_isClampedAndReported(struct fixture *f)
{
    struct rlimit low = {.rlim_cur = 4096, .rlim_max = 4096};
    struct fixture limited;
    struct heard heard = {0};
    struct task task;

    (void)f;
    CHECK(setrlimit(RLIMIT_CORE, &low) == 0);
    CHECK(prctl(PR_CAPBSET_DROP, 24 /* CAP_SYS_RESOURCE */, 0, 0, 0) == 0);
    fixture_start(&limited);
    run_container(&limited,
                  &(struct container){.argv = ARGV("guest", "limit", "4"),
                                      .process = limit_too_high},
                  &heard, &task);
    CHECK_TEXT(heard.out, "limit 4096 4096");
    CHECK_TEXT(task.warning, "rlimit 4: hard limit 1099511627776 is not permitted");
    heard_free(&heard);
    fixture_stop(&limited);
}

/* struct sock_filter; the system call numbers below are those of x86-64 */
struct bpf {
    uint16_t code;
    uint8_t jt;
    uint8_t jf;
    uint32_t k;
};

static void deny_mkdir(struct planner *p)
{
    static const struct bpf filter[] = {
        {0x20, 0, 0, 0},                        /* load the number of the call */
        {0x15, 0, 1, 83 /* mkdir, x86-64 */},   /* is it mkdir? */
        {0x06, 0, 0, 0x00050000 | 77},          /* errno 77 */
        {0x06, 0, 0, 0x7fff0000},               /* allow */
    };

    plan_op(p, OP_SECCOMP, "ib", 0u, filter, (uint32_t)sizeof filter);
}

static void seccomp_filterApplies(struct fixture *f)
{
    struct heard heard = run(
        f, &(struct container){.argv = ARGV("guest", "mkdir", "/tmp/x"), .process = deny_mkdir});

    CHECK_TEXT(heard.out, "mkdir 77");
    heard_free(&heard);
}

/* directly before EXEC a filter that allows only write, execve and what the program needs */
static void seccomp_beforeExec_needsNoOtherCalls(struct fixture *f)
{
    static const struct bpf strict[] = {
        {0x20, 0, 0, 0},
        {0x15, 6, 0, 59}, /* execve */
        {0x15, 5, 0, 1},  /* write */
        {0x15, 4, 0, 231}, /* exit_group */
        {0x15, 3, 0, 158}, /* arch_prctl */
        {0x15, 2, 0, 218}, /* set_tid_address */
        {0x15, 1, 0, 46},  /* sendmsg, for the error report */
        {0x06, 0, 0, 0x80000000}, /* kill */
        {0x06, 0, 0, 0x7fff0000},
    };
    struct heard heard = {0};
    struct task task;
    int root = fixture_root();

    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_NO_NEW_PRIVS, "");
    plan_op(&planner, OP_SECCOMP, "ib", 0u, strict, (uint32_t)sizeof strict);
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", ARGV("guest", "exit", "9"), ARGV("A=b"), 0u);
    plan_close(&planner, 1, 1);
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, &root, 1);
    task_await(&task, &packet, TASK_STARTED);
    client_hear(task.client, &heard);
    CHECK_INT(heard.kind, END_EXITED);
    CHECK_INT(heard.value, 9);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

static void plan_with_cwd(const char *path)
{
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_FS_MOUNT, "issvl", 2u, "proc", "proc", (char *[]){NULL}, 0ull);
    plan_op(&planner, OP_ATTACH, "isi", 2u, "/proc", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_CWD, "si", path, 0u);
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", ARGV("guest", "names"), ARGV("A=b"), 0u);
    plan_close(&planner, 2, 3);
}

/*
 * CVE-2024-21626: whatever descriptor a working directory of /proc/self/fd/N names, a directory of
 * the host among them, the program never stands outside its root.
 */
static void cwdOutsideTheRoot_isRefused(struct fixture *f)
{
    int refused = 0;

    for (int number = 3; number < 40; number++) {
        int given[2] = {fixture_root(), open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)};
        struct heard heard = {0};
        struct task task;
        char path[32];

        snprintf(path, sizeof path, "/proc/self/fd/%d", number);
        plan_with_cwd(path);
        task_spawn(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, given, 2);
        CHECK(message_receive(task.control, packet.bytes, &packet.message) == 1);
        if (packet.message.type == REPLY_ERROR) {
            wire_u32(&packet.message.args);
            CHECK_INT(wire_u32(&packet.message.args), OP_CWD);
            refused += wire_u32(&packet.message.args) == EXDEV;
            close(task.control);
            continue;
        }
        CHECK_INT(packet.message.type, TASK_STARTED);
        client_hear(task.client, &heard);
        CHECK_TEXT(heard.out, "cwd /");
        task_await(&task, &packet, TASK_EXIT);
        task_await(&task, &packet, TASK_DRAINED);
        task_delete(&task);
        heard_free(&heard);
    }
    CHECK(refused > 0); /* the host's directory was among them */
}

static void pass_descriptor(struct planner *p)
{
    plan_op(p, OP_OPEN_TREE, "isi", SLOT_FREE, "/etc", 0u);
    plan_op(p, OP_PRESERVE, "ii", SLOT_FREE, 5u);
}

static void preserved_descriptor_arrives(struct fixture *f)
{
    struct heard heard =
        run(f, &(struct container){.argv = ARGV("guest", "fds"), .process = pass_descriptor});

    CHECK_INT(strcmp(heard.out, "0 1 2 5 \n"), 0);
    heard_free(&heard);
}

static void listenPid_isFilled(struct fixture *f)
{
    struct heard heard = run(f, &(struct container){.argv = ARGV("guest", "env"),
                                                    .env = ARGV("PATH=/bin", "LISTEN_PID="),
                                                    .exec_flags = EXEC_LISTEN_PID});

    CHECK_TEXT(heard.out, "LISTEN_PID=1\n");
    heard_free(&heard);
}

static char hook_file[128];

/* a hook script on the host that keeps its stdin */
static const char *write_hook(struct fixture *f, const char *name, const char *body)
{
    static char path[160];
    char text[512];
    int fd;

    snprintf(hook_file, sizeof hook_file, "%s/hooked", f->dir);
    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    snprintf(text, sizeof text, "#!/bin/sh\n%s\n", body);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    CHECK(fd >= 0 && write_all(fd, text, strlen(text)) == 0);
    close(fd);
    return path;
}

static void plan_with_hook(enum hook_stage stage, const char *path, uint32_t timeout)
{
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    if (stage <= HOOK_CREATE_CONTAINER) {
        plan_op(&planner, OP_SYNC, "");
        plan_op(&planner, OP_HOOK, "isvvis", (uint32_t)stage, path, ARGV("hook", "arg"),
                ARGV("PATH=/bin:/usr/bin", "X=y"), timeout, "{\"pid\":\x01,\"status\":\"\x02\"}");
        plan_op(&planner, OP_SYNC, "");
    }
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", ARGV("guest", "exit", "0"), ARGV("A=b"), 0u);
    if (stage >= HOOK_POSTSTART)
        plan_op(&planner, OP_HOOK, "isvvis", (uint32_t)stage, path, ARGV("hook", "arg"),
                ARGV("PATH=/bin:/usr/bin", "X=y"), timeout, "{\"pid\":\x01,\"status\":\"\x02\"}");
    plan_close(&planner, 1, 1);
}

static void hook_getsState(struct fixture *f, enum hook_stage stage, const char *status)
{
    struct task task;
    char body[300];
    char text[512];
    char expected[64];
    const char *path;
    int root = fixture_root();

    snprintf(body, sizeof body, "cat > %s/hooked; echo $X $1 >> %s/hooked", f->dir, f->dir);
    path = write_hook(f, "hook", body);
    plan_with_hook(stage, path, 0);
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, TASK_STARTED);
    task.pid = (pid_t)wire_u32(&packet.message.args);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    CHECK(read_file_at(AT_FDCWD, hook_file, text, sizeof text) > 0);
    snprintf(expected, sizeof expected, "{\"pid\":%d,\"status\":\"%s\"}y arg", task.pid, status);
    CHECK_TEXT(text, expected);
    unlink(hook_file);
}

static void hooks_getTheState(struct fixture *f)
{
    hook_getsState(f, HOOK_PRESTART, "creating");
    hook_getsState(f, HOOK_CREATE_RUNTIME, "creating");
    hook_getsState(f, HOOK_CREATE_CONTAINER, "creating");
    hook_getsState(f, HOOK_POSTSTART, "running");
    hook_getsState(f, HOOK_POSTSTOP, "stopped");
}

static void failingHook_failsTheCreate(struct fixture *f)
{
    struct task task;
    int root = fixture_root();

    plan_with_hook(HOOK_CREATE_RUNTIME, write_hook(f, "hook", "echo broken >&2; exit 3"), 0);
    task_spawn(f, &task, &planner, 0, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), OP_HOOK);
    wire_u32(&packet.message.args);
    CHECK_TEXT(wire_string(&packet.message.args), "exit status 3: broken");
    close(task.control);
    close(task.dir);
}

/* a hook that fails, and a poststop hook after it; what runs is the first until it is killed */
static void plan_with_hooks(struct fixture *f, enum hook_stage stage)
{
    char *const env[] = {"PATH=/bin:/usr/bin", NULL};
    static char undo[160];
    char body[128];

    snprintf(body, sizeof body, "cat > %s/undone", f->dir);
    snprintf(undo, sizeof undo, "%s", write_hook(f, "undo", body));
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    if (stage <= HOOK_CREATE_CONTAINER) {
        plan_op(&planner, OP_SYNC, "");
        plan_op(&planner, OP_HOOK, "isvvis", (uint32_t)stage,
                write_hook(f, "hook", "echo late >&2; exit 4"), ARGV("hook"), env, 0u, "{}");
        plan_op(&planner, OP_SYNC, "");
    }
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", ARGV("guest", "wait"), ARGV("A=b"), 0u);
    if (stage >= HOOK_POSTSTART)
        plan_op(&planner, OP_HOOK, "isvvis", (uint32_t)stage,
                write_hook(f, "hook", "echo late >&2; exit 4"), ARGV("hook"), env, 0u, "{}");
    plan_op(&planner, OP_HOOK, "isvvis", (uint32_t)HOOK_POSTSTOP, undo, ARGV("undo"), env, 0u,
            "{\"status\":\"\x02\"}");
    plan_close(&planner, 1, 1);
}

static void expect_undone(struct fixture *f)
{
    char path[160];
    char text[64];

    snprintf(path, sizeof path, "%s/undone", f->dir);
    CHECK(read_file_at(AT_FDCWD, path, text, sizeof text) > 0);
    CHECK_TEXT(text, "{\"status\":\"stopped\"}");
    unlink(path);
}

/* runtime-spec, lifecycle, step 9: an error, the container is stopped, poststop hooks run */
static void failingPoststartHook_stopsTheContainer(struct fixture *f)
{
    struct task task;
    int root = fixture_root();

    plan_with_hooks(f, HOOK_POSTSTART);
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), OP_HOOK);
    CHECK_INT(wire_u32(&packet.message.args), ECANCELED);
    CHECK_TEXT(wire_string(&packet.message.args), "exit status 4: late");
    expect_undone(f);
    close(task.control);
    close(task.dir);
}

/* the same where create and start are two: the task is there, stopped, and is deleted */
static void failingPoststartHook_afterStart_leavesAStoppedTask(struct fixture *f)
{
    struct task task;
    int root = fixture_root();

    plan_with_hooks(f, HOOK_POSTSTART);
    task_spawn(f, &task, &planner, 0, &root, 1);
    task_await(&task, &packet, TASK_CREATED);
    task_request(&task, TASK_START, 7, "");
    task_await(&task, &packet, REPLY_ERROR);
    CHECK_INT(packet.message.id, 7);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    expect_undone(f);
}

static void failingCreateHook_isUndoneByPoststop(struct fixture *f)
{
    struct task task;
    int root = fixture_root();

    plan_with_hooks(f, HOOK_CREATE_RUNTIME);
    task_spawn(f, &task, &planner, 0, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    expect_undone(f);
    close(task.control);
    close(task.dir);
}

static void hookAtItsTimeout_isKilled(struct fixture *f)
{
    struct task task;
    int root = fixture_root();

    plan_with_hook(HOOK_CREATE_CONTAINER, write_hook(f, "hook", "sleep 100"), 200);
    task_spawn(f, &task, &planner, 0, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), OP_HOOK);
    CHECK_INT(wire_u32(&packet.message.args), ETIMEDOUT);
    close(task.control);
    close(task.dir);
}

const struct test process_tests[] = {
    {"root_hasTheDefaultCapabilities", root_hasTheDefaultCapabilities},
    {"user_hasNoCapabilities", user_hasNoCapabilities},
    {"user_mayReopenItsStreams", user_mayReopenItsStreams},
    {"names_areSet", names_areSet},
    {"environment_isExact", environment_isExact},
    {"descriptors_areStdioOnly", descriptors_areStdioOnly},
    {"rlimit_isSet", rlimit_isSet},
    {"rlimit_aboveTheHardOne_isClampedAndReported", rlimit_aboveTheHardOne_isClampedAndReported},
    {"seccomp_filterApplies", seccomp_filterApplies},
    {"seccomp_beforeExec_needsNoOtherCalls", seccomp_beforeExec_needsNoOtherCalls},
    {"cwdOutsideTheRoot_isRefused", cwdOutsideTheRoot_isRefused},
    {"preserved_descriptor_arrives", preserved_descriptor_arrives},
    {"listenPid_isFilled", listenPid_isFilled},
    {"hooks_getTheState", hooks_getTheState},
    {"failingHook_failsTheCreate", failingHook_failsTheCreate},
    {"failingPoststartHook_stopsTheContainer", failingPoststartHook_stopsTheContainer},
    {"failingPoststartHook_afterStart_leavesAStoppedTask",
     failingPoststartHook_afterStart_leavesAStoppedTask},
    {"failingCreateHook_isUndoneByPoststop", failingCreateHook_isUndoneByPoststop},
    {"hookAtItsTimeout_isKilled", hookAtItsTimeout_isKilled},
    {NULL, NULL},
};
