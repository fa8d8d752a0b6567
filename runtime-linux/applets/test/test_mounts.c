/* The container's file systems: devices, masked and read-only paths, hostile roots. */
#define _GNU_SOURCE
#include "fixture.h"
#include "lib/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGV(...) ((char *[]){__VA_ARGS__, NULL})
#define LIST(...) ((char *[]){__VA_ARGS__, NULL})

static struct planner planner;
static struct packet packet;

/* runs the guest and returns what it printed */
static struct heard run(struct fixture *f, const struct container *container)
{
    struct heard heard = {0};
    struct task task;

    run_container(f, container, &heard, &task);
    CHECK(heard.out != NULL);
    return heard;
}

static void devices_areThere(struct fixture *f)
{
    struct heard heard = run(
        f, &(struct container){.argv = ARGV("guest", "stat", "/dev/null", "/dev/tty", "/dev/fd",
                                            "/dev/ptmx", "/dev/shm", "/dev/pts/ptmx")});

    CHECK_TEXT(heard.out, "/dev/null 20666 0:0 1:3");
    CHECK_TEXT(heard.out, "/dev/tty 20666 0:0 5:0");
    CHECK_TEXT(heard.out, "/dev/fd 120777 0:0 0:0 -> /proc/self/fd");
    CHECK_TEXT(heard.out, "/dev/ptmx 120777 0:0 0:0 -> pts/ptmx");
    CHECK_TEXT(heard.out, "/dev/shm 41777");
    CHECK_TEXT(heard.out, "/dev/pts/ptmx 20666 0:0 5:2");
    heard_free(&heard);
}

static void mountTable_holdsNothingOfTheHost(struct fixture *f)
{
    struct heard heard = run(f, &(struct container){.argv = ARGV("guest", "cat", "/proc/mounts")});

    CHECK_TEXT(heard.out, "proc /proc proc rw,nosuid,nodev,noexec");
    CHECK_TEXT(heard.out, "sysfs /sys sysfs ro,nosuid,nodev,noexec");
    CHECK(!strstr(heard.out, "ext4"));
    CHECK(!strstr(heard.out, "devtmpfs"));
    heard_free(&heard);
}

static void maskedFile_isDevNull(struct fixture *f)
{
    struct heard heard = run(
        f, &(struct container){.argv = ARGV("guest", "stat", "/proc/keys", "/proc/timer_list")});

    CHECK_TEXT(heard.out, "/proc/keys 20666 0:0 1:3");
    CHECK_TEXT(heard.out, "/proc/timer_list 20666 0:0 1:3");
    heard_free(&heard);
}

static void maskedDirectory_isReadOnlyTmpfs(struct fixture *f)
{
    struct heard heard =
        run(f, &(struct container){.argv = ARGV("guest", "mkdir", "/sys/firmware/x")});

    CHECK_TEXT(heard.out, "mkdir 30"); /* EROFS */
    heard_free(&heard);
}

static void readonlyPath_refusesWrites(struct fixture *f)
{
    struct heard heard = run(
        f, &(struct container){.argv = ARGV("guest", "write", "/proc/sys/kernel/domainname")});

    CHECK_TEXT(heard.out, "write 30");
    heard_free(&heard);
}

static void seal_root(struct planner *p)
{
    plan_op(p, OP_PATH_ATTR, "sllli", "/", K_MOUNT_ATTR_RDONLY, 0ull, 0ull, 0u);
}

static void readonlyRoot_refusesWrites(struct fixture *f)
{
    struct heard heard =
        run(f, &(struct container){.argv = ARGV("guest", "write", "/new"), .mounts = seal_root});

    CHECK_TEXT(heard.out, "write 30");
    heard_free(&heard);
}

static void set_sysctl(struct planner *p)
{
    plan_op(p, OP_SYSCTL, "ss", "net.ipv4.ip_unprivileged_port_start", "80");
    plan_op(p, OP_SYSCTL, "ss", "kernel/msgmax", "4242");
}

static void sysctl_isSetInItsNamespace(struct fixture *f)
{
    struct heard heard =
        run(f, &(struct container){.argv = ARGV("guest", "cat",
                                                "/proc/sys/net/ipv4/ip_unprivileged_port_start"),
                                   .mounts = set_sysctl});

    CHECK_TEXT(heard.out, "80\n");
    heard_free(&heard);
    heard = run(f, &(struct container){.argv = ARGV("guest", "cat", "/proc/sys/kernel/msgmax"),
                                       .mounts = set_sysctl});
    CHECK_TEXT(heard.out, "4242\n");
    heard_free(&heard);
}

static void bad_sysctl(struct planner *p)
{
    plan_op(p, OP_SYSCTL, "ss", "../../../etc/passwd", "x");
}

static void expect_setup_error(struct fixture *f, const struct container *container, uint32_t code,
                               const char *text)
{
    struct task task;
    int root = fixture_root();

    plan_container(&planner, container);
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, REPLY_ERROR);
    wire_u32(&packet.message.args);
    CHECK_INT(wire_u32(&packet.message.args), code);
    wire_u32(&packet.message.args);
    CHECK_TEXT(wire_string(&packet.message.args), text);
    close(task.control);
    close(task.dir);
}

static void sysctl_thatClimbs_isRefused(struct fixture *f)
{
    expect_setup_error(f, &(struct container){.argv = ARGV("guest"), .mounts = bad_sysctl},
                       OP_SYSCTL, "cannot open sysctl");
}

static void attach_through_link(struct planner *p)
{
    plan_op(p, OP_FS_MOUNT, "issvl", SLOT_FREE, "tmpfs", "tmpfs", LIST("mode=700"), 0ull);
    plan_op(p, OP_ATTACH, "isi", SLOT_FREE, "/escape/inner/deep", (uint32_t)ATTACH_CREATE_DIR);
}

static void hostileLink_staysInTheRoot(struct fixture *f)
{
    struct heard heard =
        run(f, &(struct container){.argv = ARGV("guest", "stat", "/etc/inner/deep"),
                                   .mounts = attach_through_link});

    CHECK_TEXT(heard.out, "/etc/inner/deep 40700");
    CHECK(access("/etc/inner", F_OK) < 0);
    heard_free(&heard);
}

static void attach_at_link(struct planner *p)
{
    plan_op(p, OP_FS_MOUNT, "issvl", SLOT_FREE, "tmpfs", "tmpfs", LIST("mode=700"), 0ull);
    plan_op(p, OP_ATTACH, "isi", SLOT_FREE, "/escape", (uint32_t)ATTACH_NOFOLLOW);
}

static void targetThatIsALink_isRefused(struct fixture *f)
{
    expect_setup_error(f, &(struct container){.argv = ARGV("guest"), .mounts = attach_at_link},
                       OP_ATTACH, "/escape: it is a symbolic link");
}

static void replace_null(struct planner *p)
{
    plan_op(p, OP_FS_MOUNT, "issvl", SLOT_FREE, "tmpfs", "tmpfs", LIST("mode=755"), 0ull);
    plan_op(p, OP_ATTACH, "isi", SLOT_FREE, "/dev", 0u);
    plan_op(p, OP_MKNOD, "siiiii", "/dev/null", (uint32_t)(S_IFREG | 0644), 0u, 0u, 0u, 0u);
}

static void replacedDevNull_isNoMask(struct fixture *f)
{
    expect_setup_error(f, &(struct container){.argv = ARGV("guest"), .mounts = replace_null},
                       OP_MASK, "/dev/null in the root is not device 1:3");
}

static void copy_up(struct planner *p)
{
    plan_op(p, OP_FS_MOUNT, "issvl", SLOT_FREE, "tmpfs", "tmpfs", LIST("mode=755"), 0ull);
    plan_op(p, OP_COPY_UP, "is", SLOT_FREE, "/etc");
    plan_op(p, OP_ATTACH, "isi", SLOT_FREE, "/etc", 0u);
}

static void copyUp_keepsContent(struct fixture *f)
{
    struct heard heard = run(f, &(struct container){.argv = ARGV("guest", "cat", "/etc/inner/file"),
                                                    .mounts = copy_up});

    CHECK(heard.out_size > 0);
    CHECK_INT(heard.value, 0);
    heard_free(&heard);
}

static void make_entries(struct planner *p)
{
    plan_op(p, OP_MKDIR, "siii", "/made/here", 01770u, 5u, 6u);
    plan_op(p, OP_SYMLINK, "ss", "target", "/made/link");
    plan_op(p, OP_SYMLINK, "ss", "target", "/made/link");
    plan_op(p, OP_MKNOD, "siiiii", "/made/fifo", (uint32_t)(S_IFIFO | 0640), 0u, 0u, 7u, 8u);
}

static void nodes_haveOwnerAndMode(struct fixture *f)
{
    struct heard heard = run(
        f, &(struct container){.argv = ARGV("guest", "stat", "/made/here", "/made/link",
                                            "/made/fifo"),
                               .mounts = make_entries});

    CHECK_TEXT(heard.out, "/made/here 41770 5:6");
    CHECK_TEXT(heard.out, "/made/link 120777 0:0 0:0 -> target");
    CHECK_TEXT(heard.out, "/made/fifo 10640 7:8");
    heard_free(&heard);
}

/* a bind of a host directory: opened and made read-only outside, attached inside */
static void bindFromHost_isReadOnly(struct fixture *f)
{
    struct heard heard = {0};
    struct task task;
    char path[128];
    int slots[2] = {fixture_root(), -1};
    struct k_mount_attr attr = {.attr_set = K_MOUNT_ATTR_RDONLY};

    snprintf(path, sizeof path, "%s/source", f->dir);
    CHECK(mkdir(path, 0755) == 0);
    slots[1] = k_open_tree(AT_FDCWD, path, K_OPEN_TREE_CLONE | (unsigned)O_CLOEXEC);
    CHECK(slots[1] >= 0 && k_mount_setattr(slots[1], 0, &attr) == 0);
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_OPEN_TREE, "isi", 3u, path, 1u);
    plan_op(&planner, OP_MOUNT_ATTR, "illlii", 3u, K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOEXEC,
            0ull, (uint64_t)MS_PRIVATE, 1u, PLAN_NO_SLOT);
    plan_op(&planner, OP_CHECK_NODE, "iiii", 3u, (uint32_t)S_IFDIR, 0u, 0u);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS | K_CLONE_NEWPID);
    plan_op(&planner, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    plan_op(&planner, OP_ATTACH, "isi", 1u, "/data/one", (uint32_t)ATTACH_CREATE_DIR);
    plan_op(&planner, OP_ATTACH, "isi", 3u, "/data/two", (uint32_t)ATTACH_CREATE_DIR);
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_EXEC, "svvi", "/bin/guest", ARGV("guest", "write", "/data/two/x"),
            LIST("A=b"), 0u);
    plan_close(&planner, 2, 4);
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART | LAUNCH_CLIENT0, slots, 2);
    task_await(&task, &packet, TASK_STARTED);
    client_hear(task.client, &heard);
    CHECK_TEXT(heard.out, "write 30");
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    task_delete(&task);
    heard_free(&heard);
}

static void rootFd_isLent(struct fixture *f)
{
    struct task task;
    struct stat st;
    int root = fixture_root();
    int lent;

    plan_container(&planner, &(struct container){.argv = ARGV("guest", "exit", "0")});
    task_spawn(f, &task, &planner, LAUNCH_AUTOSTART, &root, 1);
    task_await(&task, &packet, TASK_STARTED);
    task_await(&task, &packet, TASK_EXIT);
    task_await(&task, &packet, TASK_DRAINED);
    task_request(&task, TASK_ROOT, 5, "");
    task_await(&task, &packet, TASK_ROOT_FD);
    lent = message_take(&packet.message, 0);
    CHECK(lent >= 0 && fstatat(lent, "bin/guest", &st, 0) == 0);
    close(lent);
    task_delete(&task);
}

const struct test mount_tests[] = {
    {"devices_areThere", devices_areThere},
    {"mountTable_holdsNothingOfTheHost", mountTable_holdsNothingOfTheHost},
    {"maskedFile_isDevNull", maskedFile_isDevNull},
    {"maskedDirectory_isReadOnlyTmpfs", maskedDirectory_isReadOnlyTmpfs},
    {"readonlyPath_refusesWrites", readonlyPath_refusesWrites},
    {"readonlyRoot_refusesWrites", readonlyRoot_refusesWrites},
    {"sysctl_isSetInItsNamespace", sysctl_isSetInItsNamespace},
    {"sysctl_thatClimbs_isRefused", sysctl_thatClimbs_isRefused},
    {"hostileLink_staysInTheRoot", hostileLink_staysInTheRoot},
    {"targetThatIsALink_isRefused", targetThatIsALink_isRefused},
    {"replacedDevNull_isNoMask", replacedDevNull_isNoMask},
    {"copyUp_keepsContent", copyUp_keepsContent},
    {"nodes_haveOwnerAndMode", nodes_haveOwnerAndMode},
    {"bindFromHost_isReadOnly", bindFromHost_isReadOnly},
    {"rootFd_isLent", rootFd_isLent},
    {NULL, NULL},
};
