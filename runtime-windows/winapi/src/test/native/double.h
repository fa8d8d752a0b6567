/*
 * What the libraries of the double share: handles, the two heaps, injected faults, texts and
 * documents, pipes and disks. One lock guards all state; callbacks run without it, on threads of
 * their own.
 */
#ifndef DOUBLE_H
#define DOUBLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wintypes.h"

#include "hresults.h"

enum dbl_kind {
    DBL_SYSTEM = 1,
    DBL_PROCESS,
    DBL_OPERATION,
    DBL_NETWORK,
    DBL_NAMESPACE,
    DBL_ENDPOINT,
    DBL_REGISTRATION,
    DBL_PIPE,
    DBL_EVENT,
    DBL_DISK,
    DBL_KINDS
};

extern pthread_mutex_t dbl_lock;
extern pthread_cond_t dbl_changed; /* on the monotonic clock */

/* What a caller did that Windows does not forgive: shown to the test, which fails. */
void dbl_misuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Handles, under the lock. A value is never used twice; the compute services' need 64 bits, the
 * kernel's fit 32. */
void *dbl_handle_open(enum dbl_kind kind, void *object);
void *dbl_handle_get(const void *handle,
                     enum dbl_kind kind); /* NULL, and a misuse, if it is none of that kind */
void *dbl_handle_find(const void *handle, enum dbl_kind kind); /* NULL if it is none of that kind */
void *dbl_handle_close(const void *handle, enum dbl_kind kind);

/* Memory that the caller frees: on LocalAlloc's heap or on CoTaskMemAlloc's; or what the double
 * keeps. */
enum dbl_heap { DBL_LOCAL = 1, DBL_TASK, DBL_OWN };
void *dbl_heap_take(enum dbl_heap heap, size_t size);
void dbl_heap_free(enum dbl_heap heap, void *block, const char *function);

/* Texts: UTF-16 outside, UTF-8 inside. */
char *dbl_utf8(PCWSTR text);
PWSTR dbl_wide(enum dbl_heap heap, const char *text);
char *dbl_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Faults: the next call of a function fails. At the call: before anything was done. At completion,
 * of an operation of the compute service: instead of what would have been done. Never: the
 * operation does not complete.
 */
enum dbl_when { DBL_AT_CALL, DBL_AT_COMPLETION, DBL_NEVER };
bool dbl_fault(const char *function, enum dbl_when when, HRESULT *result, char **document);
#define DBL_FAIL_AT_CALL()                                                                         \
    do {                                                                                           \
        HRESULT fault;                                                                             \
        if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {                                      \
            return fault;                                                                          \
        }                                                                                          \
    } while (0)

/* A thread that nobody joins. */
void dbl_thread(void *(*run)(void *), void *argument);

/* JSON documents as trees. */
enum dbl_type { DBL_NULL, DBL_BOOL, DBL_NUMBER, DBL_STRING, DBL_ARRAY, DBL_OBJECT };
struct dbl_json {
    enum dbl_type type;
    char *name; /* in an object */
    char *text; /* of a string, decoded; of a number and a bool, as written */
    struct dbl_json *first, *next;
};
struct dbl_json *dbl_json_parse(const char *text); /* NULL if it is malformed */
void dbl_json_free(struct dbl_json *json);
struct dbl_json *dbl_json_get(const struct dbl_json *object, const char *name);
const char *dbl_json_string(const struct dbl_json *object,
                            const char *name); /* NULL if there is no such string */
bool dbl_json_true(const struct dbl_json *object, const char *name);
struct dbl_json *dbl_json_clone(const struct dbl_json *json);
struct dbl_json *dbl_json_new(enum dbl_type type, const char *text);
void dbl_json_set(struct dbl_json *object, const char *name,
                  struct dbl_json *value); /* takes the value over */
void dbl_json_append(struct dbl_json *array, struct dbl_json *value);
char *dbl_json_write(const struct dbl_json *json);

/* Ends of pipes, opened for overlapped transfers, under the lock. */
struct dbl_pipe {
    int fd;
    int pending; /* transfers that run */
    int cancel;  /* an eventfd, readable while transfers are to end */
};
HANDLE dbl_pipe_open(int fd);

/* Virtual disks, under the lock. */
struct dbl_disk {
    char *path;
    bool permanent;
    bool attached_by_us;
    bool read_only;
};
bool dbl_disk_is_attached(const char *path);
void dbl_disk_set_attached(const char *path, bool attached);
void dbl_disk_close(struct dbl_disk *disk);

#endif
