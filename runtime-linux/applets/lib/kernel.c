#define _GNU_SOURCE
#include "kernel.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int result(long value)
{
    return value < 0 ? -errno : (int)value;
}

pid_t k_clone3(struct k_clone_args *args)
{
    return result(syscall(SYS_clone3, args, sizeof *args));
}

int k_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve)
{
    struct k_open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    long fd;

    /* EAGAIN: a rename elsewhere raced with "..": the kernel asks to try again */
    for (int i = 0; i < 64; i++) {
        fd = syscall(SYS_openat2, dirfd, path, &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
            break;
    }
    return result(fd);
}

int k_open_tree(int dirfd, const char *path, unsigned flags)
{
    return result(syscall(SYS_open_tree, dirfd, path, flags));
}

int k_move_mount(int from, int to, const char *to_path)
{
    unsigned flags = K_MOVE_MOUNT_F_EMPTY_PATH;

    if (*to_path == '\0')
        flags |= K_MOVE_MOUNT_T_EMPTY_PATH;
    return result(syscall(SYS_move_mount, from, "", to, to_path, flags));
}

int k_fsopen(const char *fstype)
{
    return result(syscall(SYS_fsopen, fstype, 1 /* FSOPEN_CLOEXEC */));
}

int k_fsconfig(int fs, unsigned cmd, const char *key, const char *value)
{
    return result(syscall(SYS_fsconfig, fs, cmd, key, value, 0));
}

int k_fsmount(int fs, uint64_t attrs)
{
    return result(syscall(SYS_fsmount, fs, 1 /* FSMOUNT_CLOEXEC */, (unsigned)attrs));
}

int k_mount_setattr(int fd, unsigned flags, const struct k_mount_attr *attr)
{
    return result(
        syscall(SYS_mount_setattr, fd, "", flags | K_AT_EMPTY_PATH, attr, sizeof *attr));
}

int k_pivot_root(const char *new_root, const char *put_old)
{
    return result(syscall(SYS_pivot_root, new_root, put_old));
}

int k_pidfd_open(pid_t pid)
{
    return result(syscall(SYS_pidfd_open, pid, 0));
}

int k_pidfd_send_signal(int pidfd, int signal)
{
    return result(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int k_pidfd_getfd(int pidfd, int fd)
{
    return result(syscall(SYS_pidfd_getfd, pidfd, fd, 0));
}

int k_close_range(unsigned first, unsigned last, unsigned flags)
{
    return result(syscall(SYS_close_range, first, last, flags));
}

int k_execveat(int fd, char *const argv[], char *const env[])
{
    return result(syscall(SYS_execveat, fd, "", argv, env, K_AT_EMPTY_PATH));
}

int k_seccomp_filter(unsigned flags, const struct k_filter *filter)
{
    return result(syscall(SYS_seccomp, 1 /* SECCOMP_SET_MODE_FILTER */, flags, filter));
}

/* version 3 of the capability interface: two 32-bit halves */
struct cap_header {
    uint32_t version;
    int pid;
};

struct cap_half {
    uint32_t effective;
    uint32_t permitted;
    uint32_t inheritable;
};

#define CAP_VERSION_3 0x20080522u

int k_capset(const struct k_caps *caps)
{
    struct cap_header header = {.version = CAP_VERSION_3};
    struct cap_half half[2];

    for (int i = 0; i < 2; i++) {
        half[i].effective = (uint32_t)(caps->effective >> (32 * i));
        half[i].permitted = (uint32_t)(caps->permitted >> (32 * i));
        half[i].inheritable = (uint32_t)(caps->inheritable >> (32 * i));
    }
    return result(syscall(SYS_capset, &header, half));
}

int k_capget(struct k_caps *caps)
{
    struct cap_header header = {.version = CAP_VERSION_3};
    struct cap_half half[2];
    int rc = result(syscall(SYS_capget, &header, half));

    if (rc < 0)
        return rc;
    caps->effective = half[0].effective | (uint64_t)half[1].effective << 32;
    caps->permitted = half[0].permitted | (uint64_t)half[1].permitted << 32;
    caps->inheritable = half[0].inheritable | (uint64_t)half[1].inheritable << 32;
    return 0;
}

int k_sched_setattr(const struct k_sched_attr *attr)
{
    return result(syscall(SYS_sched_setattr, 0, attr, 0));
}

int k_ioprio_set(int value)
{
    return result(syscall(SYS_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */, 0, value));
}

int k_join_session_keyring(const char *name)
{
    return result(syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, name));
}
