/* What the files of computecore share. All of it is under dbl_lock. */
#ifndef CORE_H
#define CORE_H

#include <sys/types.h>

#include "double.h"

#include <computecore.h>

enum state { CREATED, RUNNING, PAUSED, SHUTTING_DOWN, STOPPED };

struct system {
    struct system *next;
    char *id;
    struct dbl_json *configuration;
    struct dbl_json *modifications; /* what was asked of it, in order */
    enum state state;
    struct process *processes;
    int handles;
};

struct process {
    struct process *next;
    struct system *system;
    pid_t pid;
    bool exited;
    DWORD exit_code;
    int input, output, error; /* our ends, -1 once handed out or never made */
    int console;              /* the master of an emulated console, or -1 */
};

/* A handle of a caller to a system or a process, and its callback. */
struct reference {
    struct reference *next;
    enum dbl_kind kind;
    struct system *system;
    struct process *process; /* NULL for a handle to a system */
    HCS_EVENT_CALLBACK callback;
    void *context;
    int running; /* callbacks that are running */
};

enum progress { NEW, STARTED, DONE, CANCELLED };

struct operation {
    HCS_OPERATION_TYPE type;
    enum progress progress;
    bool closed; /* by the caller, while it runs */
    HRESULT result;
    char *document;
    bool has_process;
    HCS_PROCESS_INFORMATION process;
};

/* What an operation does on its own thread, and tells about it afterwards. */
struct work {
    HCS_OPERATION operation;
    const char *function;
    struct system *system;
    struct process *process;
    char *argument;
    HRESULT (*run)(struct work *work, char **document); /* under the lock */
    HCS_EVENT_TYPE event; /* set by run: to tell the handles of the system or the process */
    char *event_data;
    struct operation *target; /* set when it starts */
};

/* Starts an operation, or frees the work and says why not. Not under the lock. */
HRESULT core_begin(HCS_OPERATION_TYPE type, struct work work);
/* Calls the callbacks of the handles to a system, or to a process if one is given. Not under the
 * lock. */
void core_tell(struct system *system, struct process *process, HCS_EVENT_TYPE type,
               const char *data);

struct reference *core_system(HCS_SYSTEM handle);
struct reference *core_process(HCS_PROCESS handle);
void *core_refer(enum dbl_kind kind, struct system *system, struct process *process);
HRESULT core_subscribe(struct reference *reference, HCS_EVENT_OPTIONS options, void *context,
                       HCS_EVENT_CALLBACK callback);
/* Closes a handle once none of its callbacks runs; the reference, to be freed, or NULL. */
struct reference *core_close(const void *handle, enum dbl_kind kind);

/* The system has come to its end: its processes are killed; the data of the event that tells so. */
char *core_stop(struct system *system, const char *how);
bool core_has_running(const struct system *system);
void core_kill(const struct system *system, int signal);
struct dbl_json *core_process_list(const struct system *system);
char *core_document(HRESULT result, const char *message, const char *event);

#endif
