/* Operations of the compute service: each completes on a thread of its own. */
#include <errno.h>
#include <time.h>

#include "core.h"

char *core_document(HRESULT result, const char *message, const char *event)
{
    struct dbl_json *document = dbl_json_new(DBL_OBJECT, NULL);
    char *number = dbl_format("%d", result);
    dbl_json_set(document, "Error", dbl_json_new(DBL_NUMBER, number));
    dbl_json_set(document, "ErrorMessage", dbl_json_new(DBL_STRING, message));
    if (event) {
        struct dbl_json *events = dbl_json_new(DBL_ARRAY, NULL),
                        *one = dbl_json_new(DBL_OBJECT, NULL);
        dbl_json_set(one, "Message", dbl_json_new(DBL_STRING, event));
        dbl_json_set(one, "Provider",
                     dbl_json_new(DBL_STRING, "5224b8d0-58b1-44e6-9d22-cc7d2d23f5cd"));
        dbl_json_append(events, one);
        dbl_json_set(document, "ErrorEvents", events);
    }
    char *text = dbl_json_write(document);
    dbl_json_free(document);
    free(number);
    return text;
}

HCS_OPERATION WINAPI HcsCreateOperation(const void *context, HCS_OPERATION_COMPLETION callback)
{
    HRESULT fault;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {
        return NULL;
    }
    if (context || callback) {
        dbl_misuse("HcsCreateOperation: the double knows no completion callbacks");
    }
    struct operation *operation = calloc(1, sizeof *operation);
    operation->type = HcsOperationTypeNone;
    pthread_mutex_lock(&dbl_lock);
    HCS_OPERATION handle = dbl_handle_open(DBL_OPERATION, operation);
    pthread_mutex_unlock(&dbl_lock);
    return handle;
}

static void free_operation(struct operation *operation)
{
    free(operation->document);
    free(operation);
}

void WINAPI HcsCloseOperation(HCS_OPERATION handle)
{
    pthread_mutex_lock(&dbl_lock);
    struct operation *operation = dbl_handle_close(handle, DBL_OPERATION);
    if (operation && operation->progress == STARTED) {
        operation->closed = true;
    } else if (operation) {
        free_operation(operation);
    }
    pthread_mutex_unlock(&dbl_lock);
}

/* --- completion --- */

static void free_work(struct work *work)
{
    free(work->argument);
    free(work->event_data);
    free(work);
}

static void *complete(void *argument)
{
    struct work *work = argument;
    struct operation *operation = work->target;
    HRESULT result;
    char *document = NULL;
    if (dbl_fault(work->function, DBL_NEVER, &result, &document)) {
        free(document);
        free_work(work);
        return NULL; /* the operation stays as it is: who waits for it waits in vain */
    }
    bool fault = dbl_fault(work->function, DBL_AT_COMPLETION, &result, &document);
    pthread_mutex_lock(&dbl_lock);
    if (!fault) {
        result = work->run(work, &document);
    }
    operation->result = result;
    operation->document = document;
    operation->progress = DONE;
    if (operation->closed) {
        free_operation(operation);
    }
    pthread_cond_broadcast(&dbl_changed);
    pthread_mutex_unlock(&dbl_lock);
    if (work->event) {
        core_tell(work->system, work->process, work->event, work->event_data);
    }
    free_work(work);
    return NULL;
}

HRESULT core_begin(HCS_OPERATION_TYPE type, struct work work)
{
    HRESULT result = 0;
    pthread_mutex_lock(&dbl_lock);
    struct operation *operation = dbl_handle_get(work.operation, DBL_OPERATION);
    if (!operation) {
        result = E_HANDLE;
    } else if (operation->progress != NEW) {
        result = HCS_E_OPERATION_ALREADY_STARTED;
    } else {
        operation->type = type;
        operation->progress = STARTED;
        struct work *copy = malloc(sizeof *copy);
        *copy = work;
        copy->target = operation;
        dbl_thread(complete, copy);
    }
    pthread_mutex_unlock(&dbl_lock);
    if (result) {
        free(work.argument);
    }
    return result;
}

/* --- results --- */

static void deadline_in(struct timespec *deadline, DWORD milliseconds)
{
    clock_gettime(CLOCK_MONOTONIC, deadline);
    deadline->tv_sec += milliseconds / 1000;
    deadline->tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (deadline->tv_nsec >= 1000000000) {
        deadline->tv_nsec -= 1000000000;
        deadline->tv_sec++;
    }
}

static HRESULT wait_for(HCS_OPERATION handle, DWORD timeout, HCS_PROCESS_INFORMATION *process,
                        PWSTR *document)
{
    struct timespec deadline;
    deadline_in(&deadline, timeout);
    *document = NULL;
    HRESULT result = 0;
    pthread_mutex_lock(&dbl_lock);
    struct operation *operation = dbl_handle_get(handle, DBL_OPERATION);
    if (!operation) {
        result = E_HANDLE;
    } else if (operation->progress == NEW) {
        result = HCS_E_OPERATION_NOT_STARTED;
    }
    while (!result && operation->progress == STARTED) {
        if (pthread_cond_timedwait(&dbl_changed, &dbl_lock, &deadline) == ETIMEDOUT &&
            operation->progress == STARTED) {
            result = timeout ? HCS_E_OPERATION_TIMEOUT : HCS_E_OPERATION_PENDING;
        }
    }
    if (!result) {
        if (operation->document) {
            *document = dbl_wide(DBL_LOCAL, operation->document);
        }
        result = operation->result;
        if (process && operation->has_process) {
            *process = operation->process;
            operation->has_process = false;
        } else if (process && result >= 0) {
            result = HCS_E_PROCESS_INFO_NOT_AVAILABLE;
        }
    }
    pthread_mutex_unlock(&dbl_lock);
    return result;
}

HRESULT WINAPI HcsWaitForOperationResult(HCS_OPERATION operation, DWORD timeout, PWSTR *document)
{
    DBL_FAIL_AT_CALL();
    return wait_for(operation, timeout, NULL, document);
}

HRESULT WINAPI HcsWaitForOperationResultAndProcessInfo(HCS_OPERATION operation, DWORD timeout,
                                                       HCS_PROCESS_INFORMATION *process,
                                                       PWSTR *document)
{
    DBL_FAIL_AT_CALL();
    _Static_assert(sizeof *process == 32 && offsetof(HCS_PROCESS_INFORMATION, StdInput) == 8 &&
                       offsetof(HCS_PROCESS_INFORMATION, StdError) == 24,
                   "HCS_PROCESS_INFORMATION");
    return wait_for(operation, timeout, process, document);
}

/* --- handles and their callbacks --- */

static struct reference *references;

struct reference *core_system(HCS_SYSTEM handle)
{
    return dbl_handle_get(handle, DBL_SYSTEM);
}

struct reference *core_process(HCS_PROCESS handle)
{
    return dbl_handle_get(handle, DBL_PROCESS);
}

void *core_refer(enum dbl_kind kind, struct system *system, struct process *process)
{
    struct reference *reference = calloc(1, sizeof *reference);
    reference->kind = kind;
    reference->system = system;
    reference->process = process;
    reference->next = references;
    references = reference;
    return dbl_handle_open(kind, reference);
}

HRESULT core_subscribe(struct reference *reference, HCS_EVENT_OPTIONS options, void *context,
                       HCS_EVENT_CALLBACK callback)
{
    if (!reference) {
        return E_HANDLE;
    }
    if (options != HcsEventOptionNone) {
        dbl_misuse("the double knows no event options");
        return E_INVALIDARG;
    }
    if (callback && reference->callback) {
        return HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET;
    }
    reference->callback = callback;
    reference->context = context;
    return 0;
}

struct reference *core_close(const void *handle, enum dbl_kind kind)
{
    struct reference *reference = dbl_handle_close(handle, kind);
    if (!reference) {
        return NULL;
    }
    for (struct reference **at = &references; *at; at = &(*at)->next) {
        if (*at == reference) {
            *at = reference->next;
            break;
        }
    }
    while (reference->running) {
        pthread_cond_wait(&dbl_changed, &dbl_lock);
    }
    return reference;
}

void core_tell(struct system *system, struct process *process, HCS_EVENT_TYPE type,
               const char *data)
{
    _Static_assert(offsetof(HCS_EVENT, EventData) == 8 && offsetof(HCS_EVENT, Operation) == 16,
                   "HCS_EVENT");
    struct reference *called[64];
    int count = 0;
    pthread_mutex_lock(&dbl_lock);
    for (struct reference *at = references; at && count < 64; at = at->next) {
        if (at->callback && at->system == system && at->process == process) {
            at->running++;
            called[count++] = at;
        }
    }
    pthread_mutex_unlock(&dbl_lock);
    PWSTR text = data ? dbl_wide(DBL_OWN, data) : NULL;
    for (int i = 0; i < count; i++) {
        HCS_EVENT event = {.Type = type, .EventData = text};
        called[i]->callback(&event, called[i]->context);
    }
    dbl_heap_free(DBL_OWN, text, __func__);
    pthread_mutex_lock(&dbl_lock);
    for (int i = 0; i < count; i++) {
        called[i]->running--;
    }
    pthread_cond_broadcast(&dbl_changed);
    pthread_mutex_unlock(&dbl_lock);
}
