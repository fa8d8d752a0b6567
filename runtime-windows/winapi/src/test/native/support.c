/* Handles, heaps, faults, texts, and the knobs that the tests turn. */
#include <stdarg.h>
#include <time.h>

#include "double.h"

#include "knobs.h"

pthread_mutex_t dbl_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t dbl_changed;

__attribute__((constructor)) static void prepare(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&dbl_changed, &attributes);
}

/* --- misuse --- */

static pthread_mutex_t misuse_lock = PTHREAD_MUTEX_INITIALIZER;
static char misuses[4096];

void dbl_misuse(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&misuse_lock);
    size_t used = strlen(misuses);
    vsnprintf(misuses + used, sizeof misuses - used, format, arguments);
    used = strlen(misuses);
    snprintf(misuses + used, sizeof misuses - used, "\n");
    pthread_mutex_unlock(&misuse_lock);
    va_end(arguments);
}

PWSTR DoubleMisuses(void)
{
    pthread_mutex_lock(&misuse_lock);
    PWSTR text = dbl_wide(DBL_LOCAL, misuses);
    misuses[0] = 0;
    pthread_mutex_unlock(&misuse_lock);
    return text;
}

/* --- handles --- */

#define MOST_HANDLES (1 << 20)
#define SERVICE_HANDLES                                                                            \
    0x00005A5A00000000ull /* of the compute services: a handle cut to 32 bits is none */

static struct {
    void *object;
    enum dbl_kind kind;
} handles[MOST_HANDLES];
static unsigned next_handle = 1;
static int open_handles[DBL_KINDS];

static unsigned index_of(const void *handle, enum dbl_kind kind)
{
    uint64_t value = (uintptr_t)handle;
    if (kind < DBL_PIPE) {
        if ((value >> 32) != (SERVICE_HANDLES >> 32)) {
            return 0;
        }
        value &= 0xFFFFFFFF;
    }
    return value % 4 == 0 && value / 4 < next_handle ? value / 4 : 0;
}

void *dbl_handle_open(enum dbl_kind kind, void *object)
{
    if (next_handle == MOST_HANDLES) {
        fprintf(stderr, "double: out of handles\n");
        abort();
    }
    unsigned index = next_handle++;
    handles[index].object = object;
    handles[index].kind = kind;
    open_handles[kind]++;
    return (void *)(uintptr_t)((kind < DBL_PIPE ? SERVICE_HANDLES : 0) + index * 4ull);
}

void *dbl_handle_find(const void *handle, enum dbl_kind kind)
{
    unsigned index = index_of(handle, kind);
    return index && handles[index].kind == kind ? handles[index].object : NULL;
}

void *dbl_handle_get(const void *handle, enum dbl_kind kind)
{
    void *object = dbl_handle_find(handle, kind);
    if (!object) {
        dbl_misuse("%p is no open handle of kind %d", handle, kind);
    }
    return object;
}

void *dbl_handle_close(const void *handle, enum dbl_kind kind)
{
    void *object = dbl_handle_get(handle, kind);
    if (object) {
        unsigned index = index_of(handle, kind);
        handles[index].object = NULL;
        handles[index].kind = 0;
        open_handles[kind]--;
    }
    return object;
}

/* --- heaps --- */

#define MAGIC 0x57494E44u

struct block {
    uint32_t magic;
    uint32_t heap;
    uint64_t aligned;
    char bytes[];
};
static int live_blocks;

void *dbl_heap_take(enum dbl_heap heap, size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);
    block->magic = MAGIC;
    block->heap = heap;
    __atomic_add_fetch(&live_blocks, heap != DBL_OWN, __ATOMIC_SEQ_CST);
    return block->bytes;
}

void dbl_heap_free(enum dbl_heap heap, void *bytes, const char *function)
{
    if (!bytes) {
        return;
    }
    struct block *block = (struct block *)((char *)bytes - offsetof(struct block, bytes));
    if (block->magic != MAGIC || block->heap != heap) {
        dbl_misuse("%s of memory that is not of its heap", function);
        return;
    }
    block->magic = 0;
    __atomic_sub_fetch(&live_blocks, heap != DBL_OWN, __ATOMIC_SEQ_CST);
    free(block);
}

int DoubleOpen(void)
{
    int count = __atomic_load_n(&live_blocks, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(&dbl_lock);
    for (int kind = 1; kind < DBL_KINDS; kind++) {
        count += open_handles[kind];
    }
    pthread_mutex_unlock(&dbl_lock);
    return count;
}

/* --- texts --- */

char *dbl_utf8(PCWSTR text)
{
    if (!text) {
        return NULL;
    }
    size_t length = 0;
    while (text[length]) {
        length++;
    }
    unsigned char *out = malloc(3 * length + 1), *at = out;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = text[i];
        if (c >= 0xD800 && c < 0xDC00 && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00);
        }
        if (c < 0x80) {
            *at++ = c;
        } else if (c < 0x800) {
            *at++ = 0xC0 | c >> 6;
            *at++ = 0x80 | (c & 0x3F);
        } else if (c < 0x10000) {
            *at++ = 0xE0 | c >> 12;
            *at++ = 0x80 | (c >> 6 & 0x3F);
            *at++ = 0x80 | (c & 0x3F);
        } else {
            *at++ = 0xF0 | c >> 18;
            *at++ = 0x80 | (c >> 12 & 0x3F);
            *at++ = 0x80 | (c >> 6 & 0x3F);
            *at++ = 0x80 | (c & 0x3F);
        }
    }
    *at = 0;
    return (char *)out;
}

PWSTR dbl_wide(enum dbl_heap heap, const char *text)
{
    PWSTR out = dbl_heap_take(heap, 2 * strlen(text) + 2), at = out;
    for (const unsigned char *in = (const unsigned char *)text; *in;) {
        uint32_t c = *in++;
        int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
        c &= more == 3 ? 0x07 : more == 2 ? 0x0F : more == 1 ? 0x1F : 0x7F;
        while (more-- > 0 && *in) {
            c = c << 6 | (*in++ & 0x3F);
        }
        if (c >= 0x10000) {
            *at++ = 0xD800 + ((c - 0x10000) >> 10);
            *at++ = 0xDC00 + ((c - 0x10000) & 0x3FF);
        } else {
            *at++ = c;
        }
    }
    return out;
}

char *dbl_format(const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        abort();
    }
    va_end(arguments);
    return text;
}

/* --- faults --- */

struct fault {
    struct fault *next;
    char *function;
    enum dbl_when when;
    HRESULT result;
    char *document;
};
static pthread_mutex_t fault_lock = PTHREAD_MUTEX_INITIALIZER;
static struct fault *faults;

void DoubleFail(PCWSTR function, DWORD when, HRESULT result, PCWSTR document)
{
    struct fault *fault = calloc(1, sizeof *fault);
    fault->function = dbl_utf8(function);
    fault->when = when;
    fault->result = result;
    fault->document = dbl_utf8(document);
    pthread_mutex_lock(&fault_lock);
    fault->next = faults;
    faults = fault;
    pthread_mutex_unlock(&fault_lock);
}

bool dbl_fault(const char *function, enum dbl_when when, HRESULT *result, char **document)
{
    bool found = false;
    pthread_mutex_lock(&fault_lock);
    for (struct fault **at = &faults; *at; at = &(*at)->next) {
        struct fault *fault = *at;
        if (fault->when == when && strcmp(fault->function, function) == 0) {
            *at = fault->next;
            *result = fault->result;
            if (document) {
                *document = fault->document;
            } else {
                free(fault->document);
            }
            free(fault->function);
            free(fault);
            found = true;
            break;
        }
    }
    pthread_mutex_unlock(&fault_lock);
    return found;
}

int DoubleFaults(void)
{
    int count = 0;
    pthread_mutex_lock(&fault_lock);
    for (struct fault *fault = faults; fault; fault = fault->next) {
        count++;
    }
    pthread_mutex_unlock(&fault_lock);
    return count;
}

/* --- threads --- */

void dbl_thread(void *(*run)(void *), void *argument)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, run, argument) != 0) {
        fprintf(stderr, "double: cannot create a thread\n");
        abort();
    }
    pthread_attr_destroy(&attributes);
}
