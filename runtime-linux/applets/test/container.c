/* The full default container, as the plan compiler would write it. */
#include "fixture.h"
#include "lib/kernel.h"

#include <sys/mount.h>
#include <sys/stat.h>

#define DEFAULT_CAPS 0xa80425fbull
#define ATTRS (K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NODEV | K_MOUNT_ATTR_NOEXEC)

/* name for the plan's list type */
#define LIST(...) ((char *[]){__VA_ARGS__, NULL})
static char *const no_list[] = {NULL};

static void mount_at(struct planner *p, uint32_t slot, const char *fstype, const char *target,
                     char *const *options, uint64_t attrs)
{
    plan_op(p, OP_FS_MOUNT, "issvl", slot, fstype, fstype, options, attrs);
    plan_op(p, OP_ATTACH, "isi", slot, target, (uint32_t)(ATTACH_CREATE_DIR | ATTACH_NOFOLLOW));
}

static void devices(struct planner *p, bool bind)
{
    static const struct {
        const char *path;
        uint32_t major;
        uint32_t minor;
    } nodes[] = {{"/dev/null", 1, 3},   {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
                 {"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0}};

    for (uint32_t i = 0; i < 6; i++) {
        if (bind)
            plan_op(p, OP_ATTACH, "isi", 40 + i, nodes[i].path, (uint32_t)ATTACH_CREATE_FILE);
        else
            plan_op(p, OP_MKNOD, "siiiii", nodes[i].path, (uint32_t)(S_IFCHR | 0666),
                    nodes[i].major, nodes[i].minor, 0u, 0u);
    }
    plan_op(p, OP_SYMLINK, "ss", "/proc/self/fd", "/dev/fd");
    plan_op(p, OP_SYMLINK, "ss", "/proc/self/fd/0", "/dev/stdin");
    plan_op(p, OP_SYMLINK, "ss", "/proc/self/fd/1", "/dev/stdout");
    plan_op(p, OP_SYMLINK, "ss", "/proc/self/fd/2", "/dev/stderr");
    plan_op(p, OP_SYMLINK, "ss", "pts/ptmx", "/dev/ptmx");
}

static void file_systems(struct planner *p, const struct container *c)
{
    mount_at(p, 30, "proc", "/proc", no_list, ATTRS);
    mount_at(p, 31, "tmpfs", "/dev", LIST("mode=755", "size=65536k"), K_MOUNT_ATTR_NOSUID);
    mount_at(p, 32, "devpts", "/dev/pts",
             c->user_namespace ? LIST("newinstance", "ptmxmode=0666", "mode=0620")
                               : LIST("newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
             K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NOEXEC);
    mount_at(p, 33, "tmpfs", "/dev/shm", LIST("mode=1777", "size=65536k"), ATTRS);
    mount_at(p, 34, "mqueue", "/dev/mqueue", no_list, ATTRS);
    mount_at(p, 35, "sysfs", "/sys", no_list, ATTRS | K_MOUNT_ATTR_RDONLY);
    devices(p, c->user_namespace);
    if (c->terminal)
        plan_op(p, OP_CONSOLE, "iiiii", 24u, 80u, c->uid, 5u * !c->user_namespace,
                (uint32_t)CONSOLE_BIND);
    if (c->mounts)
        c->mounts(p);
}

static void covers(struct planner *p)
{
    plan_op(p, OP_MASK, "v",
            LIST("/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                 "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi",
                 "/sys/firmware", "/sys/devices/virtual/powercap"));
    plan_op(p, OP_READONLY, "v", LIST("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                      "/proc/sysrq-trigger"));
}

static void before_clone(struct planner *p, const struct container *c)
{
    static const char *const nodes[] = {"/dev/null",   "/dev/zero",    "/dev/full",
                                        "/dev/random", "/dev/urandom", "/dev/tty"};

    for (uint32_t i = 0; c->user_namespace && i < 6; i++)
        plan_op(p, OP_OPEN_TREE, "isi", 40 + i, nodes[i], 0u);
    for (int i = 0; i < c->cgroups; i++)
        plan_op(p, OP_CGROUP_ENTER, "iii", 1u + (uint32_t)i, c->cgroup_version,
                i == 0 ? (uint32_t)(CGROUP_MEMORY | CGROUP_KILL) : 0u);
    plan_op(p, OP_CLONE, "l",
            K_CLONE_NEWNS | K_CLONE_NEWUTS | K_CLONE_NEWIPC | K_CLONE_NEWNET |
                (c->host_pid ? 0 : K_CLONE_NEWPID) | (c->user_namespace ? K_CLONE_NEWUSER : 0));
    if (c->user_namespace) {
        plan_op(p, OP_ID_MAP, "ssi", "0 100000 65536\n", "0 100000 65536\n", 0u);
        plan_op(p, OP_SYNC, "");
        plan_op(p, OP_ROOT_IDS, "");
    }
}

void plan_container(struct planner *p, const struct container *c)
{
    plan_open(p, PLAN_CONTAINER, c->host_pid ? PLAN_KILL_REST : 0);
    before_clone(p, c);
    plan_op(p, OP_PROPAGATION, "li", (uint64_t)MS_SLAVE, 1u);
    plan_op(p, OP_HOSTNAME, "s", "felucca");
    plan_op(p, OP_LOOPBACK_UP, "");
    plan_op(p, OP_ROOT, "i", 0u);
    /* a user namespace may mount proc and sysfs only while it sees the host's */
    if (!c->user_namespace)
        plan_op(p, OP_PIVOT, "i", 0u);
    file_systems(p, c);
    if (c->user_namespace)
        plan_op(p, OP_PIVOT, "i", 0u);
    if (c->cgroups)
        plan_op(p, OP_SYNC, "");
    if (c->cgroups)
        plan_op(p, OP_UNSHARE, "l", K_CLONE_NEWCGROUP);
    covers(p);
    plan_op(p, OP_PARK, "");
    plan_op_flags(p, OP_CLAMP, OP_OOM_SCORE_ADJ, "i", 0u);
    if (c->process)
        c->process(p);
    plan_op(p, OP_CWD, "si", c->cwd ? c->cwd : "/", 1u);
    plan_op(p, OP_UMASK, "i", 022u);
    plan_op_flags(p, OP_CLAMP, OP_CREDENTIALS, "iiblllll" "i", c->uid, c->uid, "", 0u,
                  DEFAULT_CAPS, c->uid ? 0ull : DEFAULT_CAPS, c->uid ? 0ull : DEFAULT_CAPS, 0ull,
                  0ull, 0u);
    plan_op(p, OP_NO_NEW_PRIVS, "");
    plan_op(p, OP_EXEC, "svvi", c->argv[0], c->argv,
            c->env ? c->env : LIST("PATH=/bin:/sbin", "A=b"), c->exec_flags);
    plan_close(p, 1u + (uint32_t)c->cgroups, SLOTS_TOTAL);
}

static void exec_ops(struct planner *p, char *const *argv, bool terminal)
{
    plan_op(p, OP_ENTER, "l",
            K_CLONE_NEWNS | K_CLONE_NEWUTS | K_CLONE_NEWIPC | K_CLONE_NEWNET | K_CLONE_NEWPID |
                K_CLONE_NEWCGROUP);
    if (terminal)
        plan_op(p, OP_CONSOLE, "iiiii", 30u, 100u, 0u, 5u, 0u);
    plan_op_flags(p, OP_CLAMP, OP_OOM_SCORE_ADJ, "i", 0u);
    plan_op(p, OP_CWD, "si", "/", 0u);
    plan_op(p, OP_CREDENTIALS, "iiblllll" "i", 0u, 0u, "", 0u, DEFAULT_CAPS, DEFAULT_CAPS,
            DEFAULT_CAPS, 0ull, 0ull, 0u);
    plan_op(p, OP_EXEC, "svvi", argv[0], argv, LIST("PATH=/bin"), 0u);
}

void plan_exec(struct planner *p, char *const *argv, bool terminal)
{
    plan_open(p, PLAN_EXEC, 0);
    exec_ops(p, argv, terminal);
    plan_close(p, 0, 0);
}

void plan_exec_in_cgroups(struct planner *p, char *const *argv, int count, uint32_t version)
{
    plan_open(p, PLAN_EXEC, 0);
    for (uint32_t i = 0; i < (uint32_t)count; i++)
        plan_op(p, OP_CGROUP_ENTER, "iii", i, version, 0u);
    exec_ops(p, argv, false);
    plan_close(p, (uint32_t)count, (uint32_t)count);
}
