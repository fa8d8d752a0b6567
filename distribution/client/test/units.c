/* Tests of the parts that need no other process. */
#include "detach.h"
#include "files.h"
#include "frame.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int checks;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        checks++;                                                                                  \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static struct frame_reader reader;

static void put(const void *data, size_t size)
{
    size_t room;
    uint8_t *at = frame_space(&reader, &room);

    CHECK(size <= room);
    memcpy(at, data, size);
    frame_filled(&reader, size);
}

static void frames_in_pieces(void)
{
    uint8_t bytes[FRAME_HEADER + 3];
    struct frame frame;

    frame_header(bytes, FRAME_STDOUT, 0, 3);
    memcpy(bytes + FRAME_HEADER, "abc", 3);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        CHECK(frame_next(&reader, &frame) == 0);
        put(bytes + i, 1);
    }
    CHECK(frame_next(&reader, &frame) == 1);
    CHECK(frame.type == FRAME_STDOUT && frame.size == 3 && memcmp(frame.payload, "abc", 3) == 0);
    CHECK(frame_next(&reader, &frame) == 0);
}

static void largest_frames_behind_each_other(void)
{
    static uint8_t bytes[FRAME_HEADER + FRAME_PAYLOAD];
    struct frame frame;

    frame_header(bytes, FRAME_STDERR, 0, FRAME_PAYLOAD);
    for (int i = 0; i < 5; i++) {
        put(bytes, 100);
        CHECK(frame_next(&reader, &frame) == 0);
        put(bytes + 100, sizeof(bytes) - 100);
        CHECK(frame_next(&reader, &frame) == 1 && frame.size == FRAME_PAYLOAD);
    }
}

static void malformed_headers(void)
{
    struct frame frame;
    uint8_t header[FRAME_HEADER];

    frame_header(header, FRAME_STDOUT, 0, FRAME_PAYLOAD + 1);
    put(header, sizeof(header));
    CHECK(frame_next(&reader, &frame) == -EPROTO);
    reader.start = reader.end = 0;
    frame_header(header, FRAME_STDOUT, 1, 0);
    put(header, sizeof(header));
    CHECK(frame_next(&reader, &frame) == -EPROTO);
    reader.start = reader.end = 0;
    frame_header(header, FRAME_STDOUT, 0, 0);
    header[6] = 1;
    put(header, sizeof(header));
    CHECK(frame_next(&reader, &frame) == -EPROTO);
    reader.start = reader.end = 0;
}

/* types text in pieces of the given size and checks what passes; returns whether it detached */
static bool type(const char *keys, const char *text, size_t piece, const char *expected)
{
    struct detach detach = {.count = strlen(keys)};
    uint8_t passed[128], out[64 + DETACH_KEYS_MAX];
    size_t total = 0;
    bool detached = false;

    memcpy(detach.keys, keys, detach.count);
    for (size_t at = 0; at < strlen(text) && !detached; at += piece) {
        size_t size = strlen(text) - at < piece ? strlen(text) - at : piece;
        size_t count = detach_filter(&detach, (const uint8_t *)text + at, size, out, &detached);

        CHECK(count <= size + DETACH_KEYS_MAX);
        memcpy(passed + total, out, count);
        total += count;
    }
    CHECK(total == strlen(expected) && memcmp(passed, expected, total) == 0);
    return detached;
}

static void detach_keys(void)
{
    for (size_t piece = 1; piece <= 8; piece++) {
        CHECK(!type("", "abc", piece, "abc"));
        CHECK(type("pq", "abpq", piece, "ab"));
        CHECK(!type("pq", "apb", piece, "apb"));
        CHECK(type("pq", "ppq", piece, "p"));
        CHECK(type("aab", "aaab", piece, "a"));
        CHECK(type("abac", "ababac", piece, "ab"));
        CHECK(!type("abac", "abab", piece, "ab")); /* the second ab may become the keys */
        CHECK(!type("abac", "ababx", piece, "ababx"));
        CHECK(type("q", "xyq", piece, "xy"));
    }
    CHECK(!type("pq", "ap", 8, "a")); /* held back */
}

static void files_named_by_arguments_only(void)
{
    char path[] = "/tmp/felucca-units-XXXXXX", equals[64], letter[64], prefix[64];
    char *arguments[] = {"run", equals, NULL};
    int made = mkstemp(path), fd;

    CHECK(made >= 0);
    snprintf(equals, sizeof(equals), "--env-file=%s", path);
    fd = files_open(path, strlen(path), arguments);
    CHECK(fd >= 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC));
    close(fd);
    snprintf(letter, sizeof(letter), "-f%s", path);
    arguments[1] = letter;
    fd = files_open(path, strlen(path), arguments);
    CHECK(fd >= 0);
    close(fd);
    snprintf(prefix, sizeof(prefix), "%sx", path);
    arguments[1] = prefix;
    CHECK(files_open(path, strlen(path), arguments) == -EACCES);
    CHECK(files_open("/etc/passwd", 11, arguments) == -EACCES);
    CHECK(files_open("run\0x", 5, arguments) == -EINVAL);
    arguments[1] = "/nonexistent";
    CHECK(files_open("/nonexistent", 12, arguments) == -ENOENT);
    close(made);
    unlink(path);
}

static void made_files_are_kept_or_nothing(void)
{
    char directory[] = "/tmp/felucca-units-XXXXXX", path[64], link[64];
    char *arguments[] = {"save", "-o", path, NULL};
    const char *failed;
    struct stat there;
    int fd;

    CHECK(mkdtemp(directory) != NULL);
    snprintf(path, sizeof(path), "%s/made", directory);
    CHECK(files_create("other", 5, arguments) == -EACCES);
    fd = files_create(path, strlen(path), arguments);
    CHECK(fd >= 0 && write(fd, "one", 3) == 3 && (fcntl(fd, F_GETFD) & FD_CLOEXEC));
    CHECK(stat(path, &there) < 0);
    CHECK(files_keep(&failed) == 0 && stat(path, &there) == 0 && there.st_size == 3);
    close(fd);
    snprintf(link, sizeof(link), "%s/link", directory);
    CHECK(symlink("made", link) == 0);
    arguments[2] = link;
    fd = files_create(link, strlen(link), arguments);
    CHECK(fd >= 0 && write(fd, "longer", 6) == 6);
    files_discard();
    close(fd);
    CHECK(stat(path, &there) == 0 && there.st_size == 3);
    fd = files_create(link, strlen(link), arguments);
    CHECK(fd >= 0 && files_keep(&failed) == 0);
    close(fd);
    CHECK(lstat(link, &there) == 0 && S_ISLNK(there.st_mode)); /* the file behind it was replaced */
    CHECK(stat(path, &there) == 0 && there.st_size == 0);
    arguments[2] = directory;
    CHECK(files_create(directory, strlen(directory), arguments) == -EEXIST);
    unlink(link);
    unlink(path);
    CHECK(rmdir(directory) == 0); /* nothing else was left */
}

int main(void)
{
    frames_in_pieces();
    largest_frames_behind_each_other();
    malformed_headers();
    detach_keys();
    files_named_by_arguments_only();
    made_files_are_kept_or_nothing();
    printf("ok units: %d checks\n", checks);
    return 0;
}
