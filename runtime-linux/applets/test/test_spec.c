/* Operations for properties of the runtime-spec that few containers have. */
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
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

static void ending(char *const *argv)
{
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    plan_op(&planner, OP_ATTACH, "isi", 3u, "/data",
            (uint32_t)(ATTACH_CREATE_DIR | ATTACH_CREATE_FILE));
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", argv, ARGV("A=b"), 0u);
    plan_close(&planner, 1, SLOTS_TOTAL);
}

/* a mapping of the mount's own, in a container without a user namespace */
static void ownMapping_shiftsOwners(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    char path[128];
    int root = fixture_root();

    snprintf(path, sizeof path, "%s/source", f->dir);
    CHECK(mkdir(path, 0755) == 0);
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_USER_NAMESPACE, "iss", 2u, "0 5000 1000\n", "0 6000 1000\n");
    plan_op(&planner, OP_OPEN_TREE, "isi", 3u, path, 0u);
    plan_op(&planner, OP_MOUNT_ATTR, "illlii", 3u, 0ull, 0ull, 0ull, 0u, 2u);
    ending(ARGV("guest", "stat", "/data"));
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, &root, 1);
    task_await(&task, &packet, TASK_STARTED);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "/data 40755 5000:6000");
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

static void malformedMapping_isAnError(struct fixture *f)
{
    struct task task;
    int root = fixture_root();

    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_USER_NAMESPACE, "iss", 2u, "0 0 0\n", "0 0 1\n");
    plan_op(&planner, OP_OPEN_TREE, "isi", 3u, "/proc", 0u);
    ending(ARGV("guest", "exit", "0"));
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), OP_USER_NAMESPACE);
    CHECK_INT(wire_u32(&packet.message.args), EINVAL);
    close(task.control);
    close(task.dir);
}

static void bind_memory(struct planner *p)
{
    static const uint8_t node0[1] = {1};

    /* MPOL_BIND | MPOL_F_STATIC_NODES */
    plan_op(p, OP_MEMORY_POLICY, "ib", 2u | 1u << 15, node0, 1u);
}

static void memoryPolicy_isSet(struct fixture *f)
{
    struct heard heard = run(f, &(struct container){.argv = ARGV("guest", "cat",
                                                                 "/proc/self/numa_maps"),
                                                    .process = bind_memory});

    CHECK_TEXT(heard.out, "bind=static:0");
    heard_free(&heard);
}

static void bind_to_missing_node(struct planner *p)
{
    static const uint8_t nodes[8] = {0, 0, 0, 0, 0, 0, 0, 0x80};

    plan_op(p, OP_MEMORY_POLICY, "ib", 2u, nodes, 8u);
}

static void memoryPolicy_ofMissingNode_isAnError(struct fixture *f)
{
    struct task task;
    int root = fixture_root();

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "exit", "0"),
                                                 .process = bind_to_missing_node});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), OP_MEMORY_POLICY);
    CHECK_INT(wire_u32(&packet.message.args), EINVAL);
    close(task.control);
    close(task.dir);
}

struct bpf {
    uint16_t code;
    uint8_t jt;
    uint8_t jf;
    uint32_t k;
};

static char agent_path[160];

/* mkdir is the agent's to answer */
static void notify_mkdir(struct planner *p)
{
    static const struct bpf filter[] = {
        {0x20, 0, 0, 0},
        {0x15, 0, 1, 83 /* mkdir, x86-64 */},
        {0x06, 0, 0, 0x7fc00000}, /* SECCOMP_RET_USER_NOTIF */
        {0x06, 0, 0, 0x7fff0000},
    };

    plan_op(p, OP_SECCOMP_LISTENER, "ss", agent_path, "{\"pid\":\x01,\"status\":\"\x02\"}");
    plan_op(p, OP_SECCOMP, "ib", (uint32_t)SECCOMP_NEW_LISTENER, filter,
            (uint32_t)sizeof filter);
}

static int listen_as_agent(struct fixture *f)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(agent_path, sizeof agent_path, "%s/agent", f->dir);
    memcpy(address.sun_path, agent_path, strlen(agent_path) + 1);
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(fd, 1) == 0);
    return fd;
}

/* the state and the listener that come with a connection */
static int take_listener(int agent, char *text, size_t size)
{
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    int connection = accept4(agent, NULL, NULL, SOCK_CLOEXEC);
    struct iovec part = {.iov_base = text, .iov_len = size - 1};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control};
    ssize_t n;
    int fd;

    CHECK(connection >= 0);
    n = recvmsg(connection, &header, MSG_CMSG_CLOEXEC);
    CHECK(n > 0 && CMSG_FIRSTHDR(&header) != NULL);
    text[n] = '\0';
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof fd);
    close(connection);
    return fd;
}

/* struct seccomp_notif and its answer; the numbers are those of the generic UAPI */
struct notification {
    uint64_t id;
    uint32_t pid;
    uint32_t flags;
    uint64_t data[8];
};

struct answer {
    uint64_t id;
    int64_t value;
    int32_t error;
    uint32_t flags;
};

#define NOTIF_RECV 0xc0502100ul
#define NOTIF_SEND 0xc0182101ul

static void listener_answersForTheKernel(struct fixture *f)
{
    struct notification asked = {0};
    struct answer answer = {.error = -77};
    struct heard heard = {0};
    struct task task;
    char expected[64];
    char text[256];
    int agent = listen_as_agent(f);
    int root = fixture_root();
    int listener;

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "mkdir", "/tmp/x"),
                                                 .process = notify_mkdir});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, &root, 1);
    listener = take_listener(agent, text, sizeof text);
    task_await(&task, &packet, TASK_STARTED);
    task.pid = (pid_t)wire_u32(&packet.message.args);
    snprintf(expected, sizeof expected, "{\"pid\":%d,\"status\":\"creating\"}", task.pid);
    CHECK_TEXT(text, expected);
    CHECK(ioctl(listener, (int)NOTIF_RECV, &asked) == 0);
    CHECK_INT(asked.pid, task.pid);
    CHECK_INT((int)asked.data[0], 83);
    answer.id = asked.id;
    CHECK(ioctl(listener, (int)NOTIF_SEND, &answer) == 0);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "mkdir 77");
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    close(listener);
    close(agent);
    heard_free(&heard);
}

static void listenerWithoutAgent_isAnError(struct fixture *f)
{
    struct task task;
    int root = fixture_root();

    snprintf(agent_path, sizeof agent_path, "%s/nobody", f->dir);
    plan_container(&planner, &(struct container){.argv = ARGV("guest", "exit", "0"),
                                                 .process = notify_mkdir});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), OP_SECCOMP_LISTENER);
    CHECK_INT(wire_u32(&packet.message.args), ENOENT);
    CHECK_TEXT(wire_string(&packet.message.args), "seccomp agent");
    close(task.control);
    close(task.dir);
}

/* what the daemon's parent ignored, a program would ignore for ever */
static void ignoredSignals_areReset(struct fixture *f)
{
    struct fixture ignoring;
    struct heard heard;
    sigset_t mask;

    (void)f;
    CHECK(signal(SIGINT, SIG_IGN) != SIG_ERR && signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &mask, NULL) == 0);
    fixture_start(&ignoring);
    heard = run(&ignoring, &(struct container){.argv = ARGV("guest", "status")});
    CHECK_TEXT(heard.out, "SigIgn:\t0000000000000000");
    CHECK_TEXT(heard.out, "SigBlk:\t0000000000000000");
    heard_free(&heard);
    fixture_stop(&ignoring);
}

/* a network of the test's own, with a veth pair that has addresses; nothing of it outlives the test */
static void start_in_own_network(struct fixture *f)
{
    CHECK(unshare(CLONE_NEWNET) == 0);
    CHECK(system("ip link add fel0 type veth peer name fel1 && ip link set fel0 mtu 1400 &&"
                 " ip address add 10.91.7.3/24 brd + dev fel0 &&"
                 " ip address add 2001:db8:91::7/64 dev fel0 nodad && ip link set fel0 up") == 0);
    fixture_start(f);
}

static void move_devices(struct planner *p)
{
    plan_op(p, OP_NET_DEVICE, "ss", "fel0", "eth%d");
    plan_op(p, OP_NET_DEVICE, "ss", "fel1", "eth%d");
}

static void netDevice_comesWithItsAddressesAndIsUp(struct fixture *f)
{
    struct fixture own;
    struct heard heard;

    (void)f;
    start_in_own_network(&own);
    heard = run(&own, &(struct container){.argv = ARGV("guest", "cat", "/proc/net/fib_trie",
                                                       "/proc/net/if_inet6", "/proc/net/route",
                                                       "/sys/class/net/eth0/mtu",
                                                       "/sys/class/net/eth1/flags"),
                                          .mounts = move_devices});
    CHECK_TEXT(heard.out, "10.91.7.3");
    CHECK_TEXT(heard.out, "20010db8009100000000000000000007");
    CHECK_TEXT(heard.out, "eth0\t00075B0A\t"); /* the route that follows from address and up */
    CHECK_TEXT(heard.out, "1400\n");
    CHECK_TEXT(heard.out, "0x1003\n"); /* up; whether there is a carrier shows a moment later */
    heard_free(&heard);
    fixture_stop(&own);
}

static void move_twice_to_one_name(struct planner *p)
{
    plan_op(p, OP_NET_DEVICE, "ss", "fel0", "lan");
    plan_op(p, OP_NET_DEVICE, "ss", "fel1", "lan");
}

static void move_missing(struct planner *p)
{
    plan_op(p, OP_NET_DEVICE, "ss", "fel9", "fel9");
}

static void expect_device_refused(struct fixture *f, void (*mounts)(struct planner *), int err,
                                  const char *text)
{
    struct task task;
    int root = fixture_root();

    plan_container(&planner,
                   &(struct container){.argv = ARGV("guest", "exit", "0"), .mounts = mounts});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), OP_NET_DEVICE);
    CHECK_INT(wire_u32(&packet.message.args), err);
    CHECK_TEXT(wire_string(&packet.message.args), text);
    close(task.control);
    close(task.dir);
}

static void netDevice_ofTakenNameOrMissing_isAnError(struct fixture *f)
{
    struct fixture own;

    (void)f;
    start_in_own_network(&own);
    expect_device_refused(&own, move_twice_to_one_name, EEXIST,
                          "cannot move network device fel1 to the container as lan");
    expect_device_refused(&own, move_missing, ENODEV, "cannot find network device fel9");
    fixture_stop(&own);
}

/* groups of the daemon's would open the host's files to the program */
static void groupsOfTheDaemon_areShed(struct fixture *f)
{
    static const gid_t groups[] = {4, 27, 99};
    struct fixture privileged;
    struct heard heard;

    (void)f;
    CHECK(setgroups(3, groups) == 0);
    fixture_start(&privileged);
    heard = run(&privileged, &(struct container){.argv = ARGV("guest", "status"), .uid = 1000});
    CHECK_TEXT(heard.out, "Gid:\t1000\t1000\t1000\t1000");
    CHECK_TEXT(heard.out, "Groups:\t \n");
    heard_free(&heard);
    fixture_stop(&privileged);
}

const struct test spec_tests[] = {
    {"ownMapping_shiftsOwners", ownMapping_shiftsOwners},
    {"malformedMapping_isAnError", malformedMapping_isAnError},
    {"memoryPolicy_isSet", memoryPolicy_isSet},
    {"memoryPolicy_ofMissingNode_isAnError", memoryPolicy_ofMissingNode_isAnError},
    {"listener_answersForTheKernel", listener_answersForTheKernel},
    {"listenerWithoutAgent_isAnError", listenerWithoutAgent_isAnError},
    {"netDevice_comesWithItsAddressesAndIsUp", netDevice_comesWithItsAddressesAndIsUp},
    {"netDevice_ofTakenNameOrMissing_isAnError", netDevice_ofTakenNameOrMissing_isAnError},
    {"groupsOfTheDaemon_areShed", groupsOfTheDaemon_areShed},
    {"ignoredSignals_areReset", ignoredSignals_areReset},
    {NULL, NULL},
};
