/*
 * COPY_UP: what the image holds at a mount point is copied into the fresh file system that is
 * about to cover it. Directories, files, links and nodes keep owner, mode and times; extended
 * attributes are not copied.
 */
#define _GNU_SOURCE
#include "init.h"
#include "lib/fd.h"
#include "lib/rootpath.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 64

static int copy_tree(int from, int to, int depth);

static int keep_attributes(int to, const char *name, const struct stat *st)
{
    const struct timespec times[2] = {st->st_atim, st->st_mtim};

    if (fchownat(to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if (!S_ISLNK(st->st_mode) && fchmodat(to, name, st->st_mode & 07777, 0) < 0)
        return -errno;
    return utimensat(to, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int copy_bytes(int in, int out)
{
    char buffer[16384];

    for (;;) {
        ssize_t n = read(in, buffer, sizeof buffer);
        int rc;

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : 0;
        rc = write_all(out, buffer, (size_t)n);
        if (rc < 0)
            return rc;
    }
}

static int copy_file(int from, int to, const char *name)
{
    cleanup_fd int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    cleanup_fd int out = -1;

    if (in < 0)
        return -errno;
    out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return out < 0 ? -errno : copy_bytes(in, out);
}

static int copy_link(int from, int to, const char *name)
{
    char text[PATH_MAX];
    ssize_t n = readlinkat(from, name, text, sizeof text - 1);

    if (n < 0)
        return -errno;
    text[n] = '\0';
    return symlinkat(text, to, name) < 0 ? -errno : 0;
}

static int copy_directory(int from, int to, const char *name, int depth)
{
    cleanup_fd int in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    cleanup_fd int out = -1;

    if (in < 0 || mkdirat(to, name, 0700) < 0)
        return -errno;
    out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return out < 0 ? -errno : copy_tree(in, out, depth + 1);
}

static int copy_entry(int from, int to, const char *name, int depth)
{
    struct stat st;
    int rc;

    if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if (S_ISDIR(st.st_mode))
        rc = copy_directory(from, to, name, depth);
    else if (S_ISREG(st.st_mode))
        rc = copy_file(from, to, name);
    else if (S_ISLNK(st.st_mode))
        rc = copy_link(from, to, name);
    else
        rc = mknodat(to, name, st.st_mode, st.st_rdev) < 0 ? -errno : 0;
    return rc < 0 ? rc : keep_attributes(to, name, &st);
}

static int copy_tree(int from, int to, int depth)
{
    int own = depth > DEPTH_MAX ? -1 : fcntl(from, F_DUPFD_CLOEXEC, 3);
    DIR *entries = own < 0 ? NULL : fdopendir(own);
    struct dirent *entry;
    int rc = 0;

    if (!entries) {
        if (own >= 0)
            close(own);
        return depth > DEPTH_MAX ? -ELOOP : -errno;
    }
    while (rc == 0 && (errno = 0, entry = readdir(entries)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            rc = copy_entry(from, to, entry->d_name, depth);
    if (rc == 0 && errno != 0)
        rc = -errno;
    closedir(entries);
    return rc;
}

int init_copy_up(struct init *init, struct wire_reader *args)
{
    int mount = init->mounts.slots[wire_u32(args)];
    const char *path = wire_string(args);
    cleanup_fd int from = rootpath_open(init->mounts.root, path, O_RDONLY | O_DIRECTORY);
    cleanup_fd int to = openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st;
    int rc;

    if (from == -ENOENT)
        return 0;
    if (from < 0)
        return fail(&init->failure, -from, "cannot copy up %s", path);
    if (to < 0 || fstat(from, &st) < 0)
        return fail(&init->failure, errno, "cannot copy up %s", path);
    rc = copy_tree(from, to, 0);
    if (rc == 0)
        rc = keep_attributes(to, ".", &st);
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot copy up %s", path);
    return 0;
}
