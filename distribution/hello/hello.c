/*
 * hello: the built-in image's one program. It greets and tells what a process can learn about its container: who it is, which
 * namespaces it lives in, what is mounted, and what limits its cgroup and its rlimits set. It needs nothing but the kernel: no
 * library, no file of the image.
 *
 * Exit status: that given as the first argument, else 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void print_identity(void)
{
    struct utsname name;
    if (uname(&name) == 0)
        printf("  kernel    %s %s %s\n  hostname  %s\n", name.sysname, name.release, name.machine,
               name.nodename);
    printf("  pid       %d\n  uid       %u\n  gid       %u\n", getpid(), getuid(), getgid());
}

/* Each link reads like "mnt:[4026532201]"; two processes share a namespace if the numbers are equal. */
static void print_namespaces(void)
{
    static const char *const kinds[] = { "cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts" };
    printf("\nnamespaces\n");
    for (size_t i = 0; i < COUNT(kinds); i++) {
        char path[64], target[64];
        snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
        ssize_t length = readlink(path, target, sizeof(target) - 1);
        if (length < 0)
            continue;
        target[length] = '\0';
        printf("  %-9s %s\n", kinds[i], target);
    }
}

/* Prints mount point, type and options of each line "id parent major:minor root point options ... - type source super". */
static void print_mounts(void)
{
    printf("\nmounts\n");
    FILE *table = fopen("/proc/self/mountinfo", "re");
    if (table == NULL) {
        printf("  /proc/self/mountinfo: %s\n", strerror(errno));
        return;
    }
    char line[4096];
    while (fgets(line, sizeof(line), table) != NULL) {
        char point[1024], options[256], type[64];
        const char *separator = strstr(line, " - ");
        if (separator == NULL || sscanf(line, "%*s %*s %*s %*s %1023s %255s", point, options) != 2 ||
            sscanf(separator, " - %63s", type) != 1)
            continue;
        printf("  %-24s %-8s %s\n", point, type, options);
    }
    fclose(table);
}

static bool print_file(const char *label, const char *directory, const char *name)
{
    char path[512], value[128];
    if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
        return false;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    bool found = fgets(value, sizeof(value), file) != NULL;
    fclose(file);
    if (found) {
        value[strcspn(value, "\n")] = '\0';
        printf("  %-9s %s\n", label, value);
    }
    return found;
}

/*
 * A container sees its own cgroup where the hierarchy is mounted. The same limit has one name in version 2, where the whole hierarchy
 * is one, and another in version 1, where each controller has a directory.
 */
static void print_cgroup_limits(void)
{
    static const struct {
        const char *label, *v2, *v1_directory, *v1;
    } limits[] = {
        { "memory", "memory.max", "/sys/fs/cgroup/memory", "memory.limit_in_bytes" },
        { "cpu", "cpu.max", "/sys/fs/cgroup/cpu", "cpu.cfs_quota_us" },
        { "period", NULL, "/sys/fs/cgroup/cpu", "cpu.cfs_period_us" },
        { "weight", "cpu.weight", "/sys/fs/cgroup/cpu", "cpu.shares" },
        { "pids", "pids.max", "/sys/fs/cgroup/pids", "pids.max" },
    };
    bool unified = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0;
    printf("\ncgroup limits (%s)\n", unified ? "version 2" : "version 1");
    for (size_t i = 0; i < COUNT(limits); i++) {
        if (unified && limits[i].v2 == NULL)
            continue;
        const char *directory = unified ? "/sys/fs/cgroup" : limits[i].v1_directory;
        const char *name = unified ? limits[i].v2 : limits[i].v1;
        if (!print_file(limits[i].label, directory, name))
            printf("  %-9s not set\n", limits[i].label);
    }
}

static void print_rlimit(const char *label, int resource)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return;
    const rlim_t values[] = { limit.rlim_cur, limit.rlim_max };
    printf("  %-9s", label);
    for (size_t i = 0; i < COUNT(values); i++) {
        if (values[i] == RLIM_INFINITY)
            printf(" %s", "unlimited");
        else
            printf(" %ju", (uintmax_t)values[i]);
    }
    printf("\n");
}

static void print_rlimits(void)
{
    printf("\nrlimits (soft hard)\n");
    print_rlimit("nofile", RLIMIT_NOFILE);
    print_rlimit("nproc", RLIMIT_NPROC);
    print_rlimit("core", RLIMIT_CORE);
    print_rlimit("memlock", RLIMIT_MEMLOCK);
    print_rlimit("stack", RLIMIT_STACK);
}

int main(int argc, char **argv)
{
    printf("Hello from a Felucca container.\n\nprocess\n");
    print_identity();
    print_namespaces();
    print_mounts();
    print_cgroup_limits();
    print_rlimits();
    if (fflush(stdout) != 0)
        return 1;
    return argc > 1 ? atoi(argv[1]) : 0;
}
