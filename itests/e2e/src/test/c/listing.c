/*
 * listing DIRECTORY [SKIPPED...]: every entry below a directory with what an image says about it, one a line, sorted:
 * type, mode, owner, size, time of change, device, content's checksum, link target, extended attributes, hard links.
 *
 * Two trees that were unpacked from the same image give equal listings. SKIPPED are paths relative to the directory,
 * left out with what is below. Numbers of inodes and of links are not printed; names that share an inode say so.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

struct link {
    dev_t device;
    ino_t inode;
    char *path;
};

static struct link *links;
static size_t link_count;
static char **skipped;
static char path[16384]; /* of the entry at hand, relative to the top */

static void die(const char *what)
{
    fprintf(stderr, "listing: %s: %s: %s\n", path, what, strerror(errno));
    exit(1);
}

/* Prints what would break a line or cannot be told apart otherwise as \xNN. */
static void print_bytes(const void *bytes, size_t length)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < length; i++) {
        if (p[i] <= ' ' || p[i] == '\\' || p[i] >= 0x7f)
            printf("\\x%02x", p[i]);
        else
            putchar(p[i]);
    }
}

static uint64_t checksum(const char *file)
{
    static unsigned char buffer[65536];
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    ssize_t n;
    if (fd < 0)
        die("open");
    while ((n = read(fd, buffer, sizeof buffer)) > 0)
        for (ssize_t i = 0; i < n; i++)
            hash = (hash ^ buffer[i]) * 1099511628211u;
    if (n < 0)
        die("read");
    close(fd);
    return hash;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void print_xattrs(const char *file)
{
    static char list[65536], value[65536];
    char *names[1024];
    size_t count = 0;
    ssize_t length = llistxattr(file, list, sizeof list);
    if (length < 0) {
        if (errno == ENOTSUP)
            return;
        die("llistxattr");
    }
    for (char *name = list; name < list + length && count < 1024; name += strlen(name) + 1)
        if (strncmp(name, "trusted.overlay.", 16) && strncmp(name, "user.overlay.", 13) &&
            strcmp(name, "user.rootlesscontainers"))
            names[count++] = name;
    qsort(names, count, sizeof *names, by_text);
    for (size_t i = 0; i < count; i++) {
        ssize_t size = lgetxattr(file, names[i], value, sizeof value);
        if (size < 0)
            die("lgetxattr");
        printf(" %s=", names[i]);
        print_bytes(value, (size_t)size);
    }
}

/* Returns the first name met with this inode, or null and remembers this one. */
static const char *first_name(const struct stat *s)
{
    for (size_t i = 0; i < link_count; i++)
        if (links[i].device == s->st_dev && links[i].inode == s->st_ino)
            return links[i].path;
    links = realloc(links, (link_count + 1) * sizeof *links);
    if (!links)
        die("realloc");
    links[link_count++] = (struct link){s->st_dev, s->st_ino, strdup(path)};
    return NULL;
}

static char type_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR: return 'd';
    case S_IFREG: return 'f';
    case S_IFLNK: return 'l';
    case S_IFCHR: return 'c';
    case S_IFBLK: return 'b';
    case S_IFIFO: return 'p';
    default: return 's';
    }
}

static void print_entry(const char *name, const struct stat *s)
{
    static char target[4096];
    printf("%c %04o %u:%u %" PRId64, type_of(s->st_mode), (unsigned)(s->st_mode & 07777), s->st_uid, s->st_gid,
           (int64_t)s->st_mtim.tv_sec);
    putchar(' ');
    print_bytes(path, strlen(path));
    if (S_ISREG(s->st_mode))
        printf(" size=%" PRId64 " sum=%016" PRIx64, (int64_t)s->st_size, checksum(name));
    if (S_ISCHR(s->st_mode) || S_ISBLK(s->st_mode))
        printf(" device=%u:%u", major(s->st_rdev), minor(s->st_rdev));
    if (S_ISLNK(s->st_mode)) {
        ssize_t length = readlink(name, target, sizeof target);
        if (length < 0)
            die("readlink");
        printf(" -> ");
        print_bytes(target, (size_t)length);
    }
    print_xattrs(name);
    if (!S_ISDIR(s->st_mode) && s->st_nlink > 1) {
        const char *first = first_name(s);
        if (first) {
            printf(" same-as=");
            print_bytes(first, strlen(first));
        }
    }
    putchar('\n');
}

static int is_skipped(void)
{
    for (char **one = skipped; *one; one++)
        if (!strcmp(*one, path))
            return 1;
    return 0;
}

/* Lists the current directory, whose relative name is in path. */
static void walk(void)
{
    char **names = NULL;
    size_t count = 0, length = strlen(path);
    DIR *directory = opendir(".");
    if (!directory)
        die("opendir");
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        names = realloc(names, (count + 1) * sizeof *names);
        if (!names || !(names[count++] = strdup(entry->d_name)))
            die("realloc");
    }
    qsort(names, count, sizeof *names, by_text);
    for (size_t i = 0; i < count; i++) {
        struct stat s;
        if (length + strlen(names[i]) + 2 > sizeof path) {
            errno = ENAMETOOLONG;
            die(names[i]);
        }
        snprintf(path + length, sizeof path - length, "%s%s", length ? "/" : "", names[i]);
        if (!is_skipped()) {
            if (lstat(names[i], &s))
                die("lstat");
            print_entry(names[i], &s);
            if (S_ISDIR(s.st_mode)) {
                int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                if (here < 0 || chdir(names[i]))
                    die("chdir");
                walk();
                if (fchdir(here))
                    die("fchdir");
                close(here);
            }
        }
        path[length] = 0;
        free(names[i]);
    }
    free(names);
    closedir(directory);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: listing DIRECTORY [SKIPPED...]\n", stderr);
        return 2;
    }
    skipped = argv + 2;
    if (chdir(argv[1])) {
        perror(argv[1]);
        return 1;
    }
    walk();
    if (fflush(stdout) || ferror(stdout)) {
        perror("listing: standard output");
        return 1;
    }
    return 0;
}
