#define _GNU_SOURCE
#include "rootpath.h"

#include "fd.h"
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int rootpath_open(int root, const char *path, uint64_t flags)
{
    return k_openat2(root, path, flags | O_CLOEXEC, 0,
                     K_RESOLVE_IN_ROOT | K_RESOLVE_NO_MAGICLINKS);
}

/* opens prefix, a directory, making its last component below parent where it is missing */
static int enter_or_make(int root, const char *prefix, int parent, const char *component)
{
    int fd = rootpath_open(root, prefix, O_PATH | O_DIRECTORY);

    if (fd != -ENOENT)
        return fd;
    if (mkdirat(parent, component, 0755) < 0 && errno != EEXIST)
        return -errno;
    return rootpath_open(root, prefix, O_PATH | O_DIRECTORY);
}

/* opens the directory path, component by component; path is cut and restored on the way */
static int make_path(int root, char *path)
{
    cleanup_fd int at = rootpath_open(root, "/", O_PATH | O_DIRECTORY);
    char *component = path;

    while (at >= 0) {
        char *end;
        char kept;
        int next;

        component += strspn(component, "/");
        if (*component == '\0')
            break;
        end = component + strcspn(component, "/");
        kept = *end;
        *end = '\0';
        next = enter_or_make(root, path, at, component);
        *end = kept;
        close_fd_at(&at);
        at = next;
        component = end;
    }
    return steal_fd(&at);
}

int rootpath_parent(int root, const char *path, const char **name, struct failure *failure)
{
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const char *last = slash ? slash + 1 : path;
    size_t length = slash ? (size_t)(slash - path) : 0;
    int fd;

    if (*last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return fail_plain(failure, EINVAL, "cannot use path %s: it names no file", path);
    if (length >= sizeof parent - 1)
        return fail(failure, ENAMETOOLONG, "cannot use path %.64s", path);
    memcpy(parent, path, length);
    parent[length] = '\0';
    if (length == 0)
        strcpy(parent, "/");
    fd = rootpath_open(root, parent, O_PATH | O_DIRECTORY);
    if (fd == -ENOENT)
        fd = make_path(root, parent);
    if (fd < 0)
        return fail(failure, -fd, "cannot open directory %s in the root", parent);
    *name = last;
    return fd;
}

static int make_target(int root, const char *path, char make, struct failure *failure)
{
    const char *name;
    cleanup_fd int parent = rootpath_parent(root, path, &name, failure);

    if (parent < 0)
        return parent;
    if (make == 'd') {
        if (mkdirat(parent, name, 0755) < 0 && errno != EEXIST)
            return fail(failure, errno, "cannot make directory %s", path);
    } else {
        cleanup_fd int fd = openat(parent, name,
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

        if (fd < 0 && errno != EEXIST)
            return fail(failure, errno, "cannot make file %s", path);
    }
    return 0;
}

int rootpath_target(int root, const char *path, char make, uint64_t flags,
                    struct failure *failure)
{
    cleanup_fd int fd = rootpath_open(root, path, O_PATH | flags);
    struct stat st;

    if (fd == -ENOENT && make) {
        int rc = make_target(root, path, make, failure);

        if (rc < 0)
            return rc;
        fd = rootpath_open(root, path, O_PATH | flags);
    }
    if (fd < 0)
        return fail(failure, -fd, "cannot open %s in the root", path);
    if (fstat(fd, &st) < 0)
        return fail(failure, errno, "cannot stat %s", path);
    if (S_ISLNK(st.st_mode))
        return fail_plain(failure, ELOOP, "cannot use %s: it is a symbolic link", path);
    return steal_fd(&fd);
}
