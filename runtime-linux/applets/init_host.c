/* What a namespace is called and how it is set: names, loopback, sysctls, clocks, identity. */
#define _GNU_SOURCE
#include "init.h"
#include "lib/fd.h"
#include "lib/kernel.h"
#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int init_unshare(struct init *init, struct wire_reader *args)
{
    if (syscall(SYS_unshare, wire_u64(args)) < 0)
        return fail(&init->failure, errno, "cannot make namespace");
    return 0;
}

/* the raw calls: musl's wrappers are for processes with threads */
int init_root_ids(struct init *init, struct wire_reader *args)
{
    (void)args;
    /* EPERM: the id map denies setgroups; there are no groups to shed then */
    if (syscall(SYS_setgroups, 0, NULL) < 0 && errno != EPERM)
        return fail(&init->failure, errno, "cannot drop groups");
    if (syscall(SYS_setresgid, 0, 0, 0) < 0 || syscall(SYS_setresuid, 0, 0, 0) < 0)
        return fail(&init->failure, errno, "cannot become root of the user namespace");
    return 0;
}

int init_hostname(struct init *init, struct wire_reader *args)
{
    const char *name = wire_string(args);

    if (sethostname(name, strlen(name)) < 0)
        return fail(&init->failure, errno, "cannot set host name %s", name);
    return 0;
}

int init_domainname(struct init *init, struct wire_reader *args)
{
    const char *name = wire_string(args);

    if (setdomainname(name, strlen(name)) < 0)
        return fail(&init->failure, errno, "cannot set domain name %s", name);
    return 0;
}

int init_loopback_up(struct init *init, struct wire_reader *args)
{
    int rc = net_loopback_up();

    (void)args;
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot bring up lo");
    return 0;
}

int init_sysctl(struct init *init, struct wire_reader *args)
{
    const char *name = wire_string(args);
    const char *value = wire_string(args);
    char path[256];
    int n = snprintf(path, sizeof path, "sys/%s", name);
    cleanup_fd int fd = -1;

    if (n < 0 || (size_t)n >= sizeof path)
        return fail(&init->failure, ENAMETOOLONG, "cannot set sysctl %.64s", name);
    if (!strchr(name, '/'))
        for (char *p = path; *p; p++)
            if (*p == '.')
                *p = '/';
    fd = init_open_proc(init, path, O_WRONLY);
    if (fd < 0)
        return fail(&init->failure, -fd, "cannot open sysctl %s", name);
    if (write(fd, value, strlen(value)) < 0)
        return fail(&init->failure, errno, "cannot set sysctl %s to %.64s", name, value);
    return 0;
}

/*
 * A new time namespace is for children; this process is moved into it as well, since kernels before
 * 6.3 do not do that at execve. The link is followed in a procfs that only init has.
 */
int init_time_offsets(struct init *init, struct wire_reader *args)
{
    const char *text = wire_string(args);
    int proc = init_proc(init);
    char path[40];
    cleanup_fd int fd = -1;
    cleanup_fd int ns = -1;

    if (proc < 0)
        return fail(&init->failure, -proc, "cannot use a procfs");
    if (syscall(SYS_unshare, K_CLONE_NEWTIME) < 0)
        return fail(&init->failure, errno, "cannot make time namespace");
    snprintf(path, sizeof path, "%d/timens_offsets", getpid());
    fd = init_open_proc(init, path, O_WRONLY);
    if (fd < 0)
        return fail(&init->failure, -fd, "cannot open time offsets");
    if (write(fd, text, strlen(text)) < 0)
        return fail(&init->failure, errno, "cannot set time offsets");
    snprintf(path, sizeof path, "%d/ns/time_for_children", getpid());
    ns = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (ns < 0 || syscall(SYS_setns, ns, K_CLONE_NEWTIME) < 0)
        return fail(&init->failure, errno, "cannot enter time namespace");
    return 0;
}
