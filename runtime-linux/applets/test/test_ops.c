/* Operations by group that the default container does not use. */
#define _GNU_SOURCE
#include "cgroups.h"
#include "fixture.h"
#include "lib/fd.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})

#define LABEL "system_u:system_r:container_t:s0"

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

/* spawns what is in planner, returns when the program has ended */
static struct heard run_plan(struct fixture *f, struct task *task, const int *slots, int count)
{
    struct heard heard = {0};

    task_spawn(f, task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, slots, count);
    task_await(task, &packet, TASK_STARTED);
    client_hear(task->client, &heard);
    task_await(task, &packet, TASK_EXIT);
    task_await(task, &packet, TASK_DRAINED);
    task_delete(task);
    return heard;
}

static void expect_refusal(struct fixture *f, const struct container *container, uint32_t code,
                           int err)
{
    struct task task;
    int root = fixture_root();

    plan_container(&planner, container);
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), code);
    CHECK_INT(wire_u32(&packet.message.args), err);
    close(task.control);
    close(task.dir);
}

/* opens a namespace of a process that lives in new ones */
static pid_t make_namespaces(int flags)
{
    int ready[2];
    char byte;
    pid_t pid;

    CHECK(pipe2(ready, O_CLOEXEC) == 0);
    pid = fork();
    if (pid == 0) {
        if (unshare(flags) < 0 || write(ready[1], "x", 1) != 1)
            _exit(1);
        if ((flags & CLONE_NEWPID) && fork() == 0)
            for (;;)
                pause();
        for (;;)
            pause();
    }
    CHECK(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static int open_namespace(pid_t pid, const char *name)
{
    char path[64];
    int fd;

    snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

static void plain_container(char *const *argv)
{
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    plan_op(&planner, OP_FS_MOUNT, "issvl", 50u, "proc", "proc", (char *[]){NULL}, 0ull);
    plan_op(&planner, OP_ATTACH, "isi", 50u, "/proc", 0u);
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", argv, ARGV("A=b"), 0u);
}

static void join_netAndUts_sharesThem(struct fixture *f)
{
    struct heard heard;
    struct task task;
    pid_t holder = make_namespaces(CLONE_NEWNET | CLONE_NEWUTS);
    int slots[3] = {fixture_root(), open_namespace(holder, "net"), open_namespace(holder, "uts")};
    struct stat st;
    char expected[64];

    CHECK(fstat(slots[1], &st) == 0);
    snprintf(expected, sizeof expected, "net:[%lu]", (unsigned long)st.st_ino);
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_JOIN, "ii", 1u, (uint32_t)CLONE_NEWNET);
    plan_op(&planner, OP_JOIN, "ii", 2u, (uint32_t)CLONE_NEWUTS);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plain_container(ARGV("guest", "stat", "/proc/self/ns/net"));
    plan_close(&planner, 3, SLOTS_TOTAL);
    heard = run_plan(f, &task, slots, 3);
    CHECK_TEXT(heard.out, expected);
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    heard_free(&heard);
}

/* the process comes out of the helper as the monitor's own child, inside the pid namespace */
static void join_pid_isInside(struct fixture *f)
{
    struct heard heard;
    struct task task;
    pid_t holder = make_namespaces(CLONE_NEWPID);
    char children[64] = "";
    char path[64];
    int slots[2] = {fixture_root(), -1};

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", holder, holder);
    for (int i = 0; i < 5000 && children[0] == '\0'; i++) {
        CHECK(read_file_at(AT_FDCWD, path, children, sizeof children) >= 0);
        usleep(1000);
    }
    slots[1] = open_namespace(atoi(children), "pid");
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_JOIN, "ii", 1u, (uint32_t)CLONE_NEWPID);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWUTS);
    plain_container(ARGV("guest", "names"));
    plan_close(&planner, 2, SLOTS_TOTAL);
    heard = run_plan(f, &task, slots, 2);
    CHECK_TEXT(heard.out, "pid ");
    CHECK(!strstr(heard.out, "pid 1\n"));
    CHECK_INT(heard.value, 0);
    kill(atoi(children), SIGKILL);
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    heard_free(&heard);
}

/* one run in a cgroup of v2 made for it; what the program leaves behind ends with it */
static struct heard run_in_cgroup2(struct fixture *f, char *const *argv)
{
    bool pure = access("/sys/fs/cgroup/cgroup.procs", F_OK) == 0;
    int slots[2] = {fixture_root(), -1};
    struct heard heard;
    struct task task;
    char path[128];

    snprintf(path, sizeof path, "/sys/fs/cgroup/%sfelucca-applets-test-%d",
             pure ? "" : "unified/", getpid());
    CHECK(mkdir(path, 0755) == 0);
    slots[1] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    plan_open(&planner, PLAN_CONTAINER, PLAN_KILL_REST);
    plan_op(&planner, OP_CGROUP_ENTER, "iii", 1u, 2u, (uint32_t)CGROUP_KILL);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS);
    plain_container(argv);
    plan_close(&planner, 2, SLOTS_TOTAL);
    heard = run_plan(f, &task, slots, 2);
    for (int i = 0; rmdir(path) < 0 && i < 2000; i++)
        usleep(1000);
    CHECK(access(path, F_OK) < 0);
    return heard;
}

/* cgroup v2, on a hybrid host too: in it from the first instruction, and cgroup.kill reaches all */
static void cgroup2_isBornInside(struct fixture *f)
{
    char expected[80];
    struct heard heard = run_in_cgroup2(f, ARGV("guest", "cat", "/proc/self/cgroup"));

    snprintf(expected, sizeof expected, "0::/felucca-applets-test-%d\n", getpid());
    CHECK_TEXT(heard.out, expected);
    heard_free(&heard);
    heard = run_in_cgroup2(f, ARGV("guest", "leave", "600"));
    CHECK_TEXT(heard.out, "left");
    heard_free(&heard);
}

static void properties(struct planner *p)
{
    plan_op(p, OP_SCHEDULER, "iiillll", 3u /* SCHED_BATCH */, 5u, 0u, 0ull, 0ull, 0ull, 0ull);
    plan_op(p, OP_IO_PRIORITY, "i", (uint32_t)(2 << 13 | 6));
    plan_op(p, OP_CPU_AFFINITY, "b", "\x01", 1u);
    plan_op(p, OP_PERSONALITY, "i", 0x0040000u /* ADDR_NO_RANDOMIZE */);
    plan_op(p, OP_OOM_SCORE_ADJ, "i", 500u);
}

static void scheduling_isSet(struct fixture *f)
{
    struct heard heard =
        run(f, &(struct container){.argv = ARGV("guest", "scheduling"), .process = properties});

    CHECK_TEXT(heard.out, "policy 3 nice 5\n");
    CHECK_TEXT(heard.out, "io 16390\n");
    CHECK_TEXT(heard.out, "cpus 1\n");
    CHECK_TEXT(heard.out, "personality 40000\n");
    CHECK_TEXT(heard.out, "oom 500\n");
    heard_free(&heard);
}

static void lower_oom_score(struct planner *p)
{
    plan_op_flags(p, OP_CLAMP, OP_OOM_SCORE_ADJ, "i", (uint32_t)-999);
}

/* either the host lets it be lowered, or it is reported: in a user namespace by the monitor */
static void oomScore_inUserNamespace_isTheMonitorsWork(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    run_container(f,
                  &(struct container){.argv = ARGV("guest", "cat", "/proc/self/oom_score_adj"),
                                      .user_namespace = true,
                                      .process = lower_oom_score},
                  &heard, &task);
    if (!strstr(heard.out, "-999"))
        CHECK_TEXT(task.warning, "oom_score_adj below the inherited one is not permitted");
    heard_free(&heard);
}

static void join_keyring(struct planner *p)
{
    plan_op(p, OP_KEYRING, "s", "felucca-test");
}

static void keyring_isItsOwn(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;

    run_container(f,
                  &(struct container){.argv = ARGV("guest", "exit", "0"), .process = join_keyring},
                  &heard, &task);
    CHECK_INT(heard.value, 0);
    heard_free(&heard);
}

static void set_label(struct planner *p)
{
    plan_op(p, OP_LABEL, "is", 2u, LABEL);
}

/* what the kernel answers to the same label here: without an LSM nobody takes it */
static int label_answer(void)
{
    cleanup_fd int fd = open("/proc/self/attr/exec", O_WRONLY | O_CLOEXEC);

    return fd < 0 || write(fd, LABEL, strlen(LABEL)) < 0 ? errno : 0;
}

static void label_theKernelRefuses_isAnError(struct fixture *f)
{
    int err = label_answer();
    struct heard heard = {0};
    struct task task;

    if (err) {
        expect_refusal(f, &(struct container){.argv = ARGV("guest"), .process = set_label},
                       OP_LABEL, err);
        return;
    }
    run_container(f,
                  &(struct container){.argv = ARGV("guest", "exit", "0"), .process = set_label},
                  &heard, &task);
    heard_free(&heard);
}

static void time_offsets(struct planner *p)
{
    plan_op(p, OP_TIME_OFFSETS, "s", "monotonic 1000000 0\nboottime 1000000 0\n");
}

static void timeOffsets_applyAfterExec(struct fixture *f)
{
    struct heard heard =
        run(f, &(struct container){.argv = ARGV("guest", "uptime"), .mounts = time_offsets});

    CHECK(atol(heard.out) > 1000000);
    heard_free(&heard);
}

static void more_files(struct planner *p)
{
    plan_op(p, OP_RLIMIT, "ill", 200u, 1ull, 1ull);
}

static void unknownRlimit_isAnError(struct fixture *f)
{
    expect_refusal(f, &(struct container){.argv = ARGV("guest"), .process = more_files},
                   OP_RLIMIT, EINVAL);
}

static void keep_groups(struct fixture *f, uint32_t uid, const char *expected)
{
    static const uint32_t groups[] = {10, 20, 30};
    struct heard heard;
    struct task task;
    int root = fixture_root();

    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_FS_MOUNT, "issvl", 50u, "proc", "proc", (char *[]){NULL}, 0ull);
    plan_op(&planner, OP_ATTACH, "isi", 50u, "/proc", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_CREDENTIALS, "iiblllll" "i", uid, uid, groups, (uint32_t)sizeof groups,
            0x21ull, 0x21ull, 0x21ull, 0x20ull, 0x20ull, 0u);
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", ARGV("guest", "status"), ARGV("A=b"), 0u);
    plan_close(&planner, 1, SLOTS_TOTAL);
    heard = run_plan(f, &task, &root, 1);
    CHECK_TEXT(heard.out, "Groups:\t10 20 30");
    CHECK_TEXT(heard.out, expected);
    heard_free(&heard);
}

static void credentials_groupsAndAmbient(struct fixture *f)
{
    /* an ambient capability survives execve without being root */
    keep_groups(f, 77, "CapEff:\t0000000000000020");
    keep_groups(f, 77, "CapAmb:\t0000000000000020");
    keep_groups(f, 77, "CapBnd:\t0000000000000021");
}

/* an idmapped bind: what belongs to 0 outside is seen as the mapped user inside */
static void idmappedBind_shiftsOwners(struct fixture *f)
{
    struct heard heard;
    struct task task;
    pid_t holder = make_namespaces(CLONE_NEWUSER);
    char path[128];
    int slots[2] = {fixture_root(), open_namespace(holder, "user")};

    snprintf(path, sizeof path, "/proc/%d/uid_map", holder);
    CHECK(write_file_at(AT_FDCWD, path, "0 5000 1000\n") == 0);
    snprintf(path, sizeof path, "/proc/%d/gid_map", holder);
    CHECK(write_file_at(AT_FDCWD, path, "0 5000 1000\n") == 0);
    snprintf(path, sizeof path, "%s/source", f->dir);
    CHECK(mkdir(path, 0755) == 0);
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_OPEN_TREE, "isi", 3u, path, 0u);
    plan_op(&planner, OP_MOUNT_ATTR, "illlii", 3u, 0ull, 0ull, 0ull, 0u, 1u);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    plan_op(&planner, OP_ATTACH, "isi", 3u, "/data", 3u);
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", ARGV("guest", "stat", "/data"), ARGV("A=b"),
            0u);
    plan_close(&planner, 2, SLOTS_TOTAL);
    heard = run_plan(f, &task, slots, 2);
    CHECK_TEXT(heard.out, "/data 40755 5000:5000");
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    heard_free(&heard);
}

/* a bind of a file, whose missing target is made a file because the mount's root is one */
static void bindOfFile_makesAFile(struct fixture *f)
{
    struct heard heard;
    struct task task;
    int root = fixture_root();

    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_OPEN_TREE, "isi", 3u, "/proc/self/comm", 0u);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    plan_op(&planner, OP_ATTACH, "isi", 3u, "/made/as/file",
            (uint32_t)(ATTACH_CREATE_DIR | ATTACH_CREATE_FILE));
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_PRIVATE, 1u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", ARGV("guest", "cat", "/made/as/file"),
            ARGV("A=b"), 0u);
    plan_close(&planner, 1, SLOTS_TOTAL);
    heard = run_plan(f, &task, &root, 1);
    CHECK_TEXT(heard.out, "felucca-monitor");
    heard_free(&heard);
}

static void exec_inUserNamespace_isMapped(struct fixture *f)
{
    static uint8_t bytes[MESSAGE_MAX];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, TASK_EXEC, 20);
    struct heard heard = {0};
    struct task task;
    int client[2];
    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "sleep", "600"),
                                                 .user_namespace = true});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, TASK_STARTED);
    plan_open(&planner, PLAN_EXEC, 0);
    plan_op(&planner, OP_ENTER, "l",
            K_CLONE_NEWUSER | K_CLONE_NEWNS | K_CLONE_NEWUTS | K_CLONE_NEWIPC | K_CLONE_NEWNET |
                K_CLONE_NEWPID);
    plan_op(&planner, OP_ROOT_IDS, "");
    plan_op(&planner, OP_CREDENTIALS, "iiblllll" "i", 9u, 9u, "", 0u, 0ull, 0ull, 0ull, 0ull,
            0ull, 0u);
    plan_op(&planner, OP_EXEC, "svvi", "guest", ARGV("guest", "write", "/dev/stdout"),
            ARGV("PATH=/bin"), 0u);
    plan_close(&planner, 0, 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, client) == 0);
    wire_put_u32(&writer, LAUNCH_CLIENT0);
    wire_put_string(&writer, "one");
    wire_put_bytes(&writer, planner.writer.start, planner.writer.used);
    CHECK(message_finish(task.control, &writer, &client[1], 1) == 0);
    close(client[1]);
    task_await(&task, &packet, TASK_EXEC_STARTED);
    client_hear(client[0], &heard);
    CHECK_TEXT(heard.out, "write 0");
    task_await(&task, &packet, TASK_EXEC_EXIT);
    task_request(&task, TASK_DELETE, 5, "i", 1u);
    task_await(&task, &packet, REPLY_OK);
    close(client[0]);
    close(task.control);
    heard_free(&heard);
}

/* an exec that hangs in a frozen cgroup keeps nobody from his streams or his answers */
static void exec_intoFrozenCgroup_blocksNobody(struct fixture *f)
{
    static uint8_t bytes[MESSAGE_MAX];
    struct wire_writer writer = message_begin(bytes, sizeof bytes, TASK_EXEC, 20);
    bool v1 = access("/sys/fs/cgroup/freezer/cgroup.procs", F_OK) == 0;
    const char *file = v1 ? "freezer.state" : "cgroup.freeze";
    char path[128];
    struct task task;
    int root = fixture_root();
    int frozen;

    snprintf(path, sizeof path, "%s/felucca-applets-test-%d",
             v1 ? "/sys/fs/cgroup/freezer" : "/sys/fs/cgroup", getpid());
    CHECK(mkdir(path, 0755) == 0);
    frozen = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(write_file_at(frozen, file, v1 ? "FROZEN" : "1") == 0);
    plan_container(&planner, &(struct container){.argv = ARGV("guest", "sleep", "600")});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, TASK_STARTED);
    plan_exec_in_cgroups(&planner, ARGV("guest", "exit", "0"), 1, v1 ? 1 : 2);
    wire_put_u32(&writer, 0);
    wire_put_string(&writer, "one");
    wire_put_bytes(&writer, planner.writer.start, planner.writer.used);
    CHECK(message_finish(task.control, &writer, &frozen, 1) == 0);
    task_request(&task, TASK_STATE, 21, "");
    task_await(&task, &packet, TASK_STATE_REPLY);
    CHECK(write_file_at(frozen, file, v1 ? "THAWED" : "0") == 0);
    task_await(&task, &packet, TASK_EXEC_STARTED);
    task_await(&task, &packet, TASK_EXEC_EXIT);
    task_request(&task, TASK_DELETE, 5, "i", 1u);
    task_await(&task, &packet, REPLY_OK);
    close(task.control);
    close(frozen);
    for (int i = 0; rmdir(path) < 0 && i < 2000; i++)
        usleep(1000);
    CHECK(access(path, F_OK) < 0);
}

const struct test op_tests[] = {
    {"join_netAndUts_sharesThem", join_netAndUts_sharesThem},
    {"join_pid_isInside", join_pid_isInside},
    {"cgroup2_isBornInside", cgroup2_isBornInside},
    {"scheduling_isSet", scheduling_isSet},
    {"oomScore_inUserNamespace_isTheMonitorsWork", oomScore_inUserNamespace_isTheMonitorsWork},
    {"keyring_isItsOwn", keyring_isItsOwn},
    {"label_theKernelRefuses_isAnError", label_theKernelRefuses_isAnError},
    {"timeOffsets_applyAfterExec", timeOffsets_applyAfterExec},
    {"unknownRlimit_isAnError", unknownRlimit_isAnError},
    {"credentials_groupsAndAmbient", credentials_groupsAndAmbient},
    {"idmappedBind_shiftsOwners", idmappedBind_shiftsOwners},
    {"bindOfFile_makesAFile", bindOfFile_makesAFile},
    {"exec_inUserNamespace_isMapped", exec_inUserNamespace_isMapped},
    {"exec_intoFrozenCgroup_blocksNobody", exec_intoFrozenCgroup_blocksNobody},
    {NULL, NULL},
};
