/*
 * The kernel interfaces that musl's headers do not declare.
 *
 * They are spelled out here instead of being taken from linux/...h: those headers clash with musl's
 * (sys/mount.h against linux/mount.h) and a distribution's copy may be older than the kernel.
 * Numbers are the generic UAPI ones, the same on every architecture; the version in parentheses is
 * the first kernel that has the interface.
 */
#ifndef FELUCCA_KERNEL_H
#define FELUCCA_KERNEL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* clone3 (5.3; CLONE_INTO_CGROUP 5.7, CLONE_CLEAR_SIGHAND 5.5) */
struct k_clone_args {
    uint64_t flags;
    uint64_t pidfd;
    uint64_t child_tid;
    uint64_t parent_tid;
    uint64_t exit_signal;
    uint64_t stack;
    uint64_t stack_size;
    uint64_t tls;
    uint64_t set_tid;
    uint64_t set_tid_size;
    uint64_t cgroup;
};

#define K_CLONE_NEWTIME 0x00000080ull
#define K_CLONE_PIDFD 0x00001000ull
#define K_CLONE_PARENT 0x00008000ull
#define K_CLONE_NEWNS 0x00020000ull
#define K_CLONE_NEWCGROUP 0x02000000ull
#define K_CLONE_NEWUTS 0x04000000ull
#define K_CLONE_NEWIPC 0x08000000ull
#define K_CLONE_NEWUSER 0x10000000ull
#define K_CLONE_NEWPID 0x20000000ull
#define K_CLONE_NEWNET 0x40000000ull
#define K_CLONE_CLEAR_SIGHAND 0x100000000ull
#define K_CLONE_INTO_CGROUP 0x200000000ull
#define K_CLONE_NEWANY                                                                             \
    (K_CLONE_NEWTIME | K_CLONE_NEWNS | K_CLONE_NEWCGROUP | K_CLONE_NEWUTS | K_CLONE_NEWIPC |       \
     K_CLONE_NEWUSER | K_CLONE_NEWPID | K_CLONE_NEWNET)

pid_t k_clone3(struct k_clone_args *args);

/* openat2 (5.6) */
struct k_open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};

#define K_RESOLVE_NO_XDEV 0x01
#define K_RESOLVE_NO_MAGICLINKS 0x02
#define K_RESOLVE_NO_SYMLINKS 0x04
#define K_RESOLVE_BENEATH 0x08
#define K_RESOLVE_IN_ROOT 0x10

int k_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

/* the mount interface of descriptors (5.2; mount_setattr 5.12) */
struct k_mount_attr {
    uint64_t attr_set;
    uint64_t attr_clr;
    uint64_t propagation;
    uint64_t userns_fd;
};

#define K_AT_RECURSIVE 0x8000
#define K_AT_EMPTY_PATH 0x1000
#define K_OPEN_TREE_CLONE 1
#define K_MOVE_MOUNT_F_EMPTY_PATH 0x00000004
#define K_MOVE_MOUNT_T_EMPTY_PATH 0x00000040
#define K_FSCONFIG_SET_FLAG 0
#define K_FSCONFIG_SET_STRING 1
#define K_FSCONFIG_CMD_CREATE 6
#define K_MOUNT_ATTR_RDONLY 0x00000001ull
#define K_MOUNT_ATTR_NOSUID 0x00000002ull
#define K_MOUNT_ATTR_NODEV 0x00000004ull
#define K_MOUNT_ATTR_NOEXEC 0x00000008ull
#define K_MOUNT_ATTR_IDMAP 0x00100000ull

int k_open_tree(int dirfd, const char *path, unsigned flags);
int k_move_mount(int from, int to, const char *to_path);
int k_fsopen(const char *fstype);
int k_fsconfig(int fs, unsigned cmd, const char *key, const char *value);
int k_fsmount(int fs, uint64_t attrs);
int k_mount_setattr(int fd, unsigned flags, const struct k_mount_attr *attr);
int k_pivot_root(const char *new_root, const char *put_old);

/* processes: pidfd_open (5.3), pidfd_send_signal (5.1), pidfd_getfd (5.6), close_range (5.9; CLOEXEC 5.11) */
#define K_CLOSE_RANGE_CLOEXEC 4u
#define K_P_PIDFD 3

int k_pidfd_open(pid_t pid);
int k_pidfd_send_signal(int pidfd, int signal);
int k_pidfd_getfd(int pidfd, int fd);
int k_close_range(unsigned first, unsigned last, unsigned flags);
int k_execveat(int fd, char *const argv[], char *const env[]);

/* memfd seals: MFD_EXEC (6.3) */
#define K_MFD_CLOEXEC 1u
#define K_MFD_ALLOW_SEALING 2u
#define K_MFD_EXEC 0x10u
#define K_F_ADD_SEALS 1033
#define K_F_GET_SEALS 1034
#define K_SEALS_ALL 0xf /* SEAL | SHRINK | GROW | WRITE */

/* seccomp(2), capset(2), sched_setattr(2), ioprio_set(2), keyctl(2) */
struct k_filter {
    uint16_t len;
    const void *filter;
};

struct k_caps {
    uint64_t effective;
    uint64_t permitted;
    uint64_t inheritable;
};

struct k_sched_attr {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
};

int k_seccomp_filter(unsigned flags, const struct k_filter *filter);
int k_capset(const struct k_caps *caps);
int k_capget(struct k_caps *caps);
int k_sched_setattr(const struct k_sched_attr *attr);
int k_ioprio_set(int value);
int k_join_session_keyring(const char *name);

/* file systems told by fstatfs */
#define K_PROC_SUPER_MAGIC 0x9fa0
#define K_DEVPTS_SUPER_MAGIC 0x1cd1
#define K_PROC_ROOT_INO 1

/* all k_ functions return -errno on failure */

#endif
