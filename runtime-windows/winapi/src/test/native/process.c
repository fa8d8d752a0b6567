/* Processes of compute systems: real ones of the host, whose command line /bin/sh reads. */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core.h"

#define KILLED                                                                                     \
    0xC000013Au /* STATUS_CONTROL_C_EXIT, as a process ends that did not choose its code */

bool core_has_running(const struct system *system)
{
    for (const struct process *process = system->processes; process; process = process->next) {
        if (!process->exited) {
            return true;
        }
    }
    return false;
}

void core_kill(const struct system *system, int signal)
{
    for (const struct process *process = system->processes; process; process = process->next) {
        if (!process->exited) {
            kill(-process->pid, signal);
            if (signal == SIGTERM || signal == SIGKILL) {
                kill(-process->pid, SIGCONT);
            }
        }
    }
}

struct dbl_json *core_process_list(const struct system *system)
{
    struct dbl_json *list = dbl_json_new(DBL_ARRAY, NULL);
    for (const struct process *process = system->processes; process; process = process->next) {
        if (!process->exited) {
            char *text = dbl_format("{\"ProcessId\":%d,\"ImageName\":\"sh\"}", process->pid);
            dbl_json_append(list, dbl_json_parse(text));
            free(text);
        }
    }
    return list;
}

static char *status(const struct process *process)
{
    return dbl_format("{\"ProcessId\":%d,\"Exited\":%s,\"ExitCode\":%u,\"LastWaitResult\":0}",
                      process->pid, process->exited ? "true" : "false", process->exit_code);
}

/* Waits for the process; the last one of a system that shuts down ends the system. */
static void *watch(void *argument)
{
    struct process *process = argument;
    int how;
    while (waitpid(process->pid, &how, 0) < 0 && errno == EINTR) {
    }
    struct system *system = process->system;
    char *system_data = NULL;
    pthread_mutex_lock(&dbl_lock);
    process->exited = true;
    process->exit_code = WIFEXITED(how) ? (DWORD)WEXITSTATUS(how) : KILLED;
    if (process->console >= 0) {
        close(process->console);
        process->console = -1;
    }
    if (system->state == SHUTTING_DOWN && !core_has_running(system)) {
        system_data = core_stop(system, "GracefulExit");
    }
    char *data = status(process);
    pthread_mutex_unlock(&dbl_lock);
    core_tell(system, process, HcsEventProcessExited, data);
    if (system_data) {
        core_tell(system, NULL, HcsEventSystemExited, system_data);
    }
    free(data);
    free(system_data);
    return NULL;
}

/* --- start --- */

struct stdio {
    int child[3];
    int ours[3];
    int console;
};

static void set_size(int console, const struct dbl_json *size)
{
    struct winsize window = {.ws_row = 25, .ws_col = 80};
    if (size && size->type == DBL_ARRAY && size->first && size->first->next) {
        window.ws_row = (unsigned short)atoi(size->first->text);
        window.ws_col = (unsigned short)atoi(size->first->next->text);
    }
    ioctl(console, TIOCSWINSZ, &window);
}

static void make_console(struct stdio *io, const struct dbl_json *parameters)
{
    int slave;
    if (openpty(&io->console, &slave, NULL, NULL, NULL) != 0) {
        abort();
    }
    fcntl(io->console, F_SETFD, FD_CLOEXEC);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    set_size(io->console, dbl_json_get(parameters, "ConsoleSize"));
    for (int i = 0; i < 3; i++) {
        io->child[i] = fcntl(slave, F_DUPFD_CLOEXEC, 3);
    }
    close(slave);
    io->ours[0] = fcntl(io->console, F_DUPFD_CLOEXEC, 3);
    io->ours[1] = fcntl(io->console, F_DUPFD_CLOEXEC, 3);
}

static void make_pipe(struct stdio *io, int which, bool wanted)
{
    int ends[2];
    if (!wanted) {
        io->child[which] = open("/dev/null", O_RDWR | O_CLOEXEC);
        return;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        abort();
    }
    io->child[which] = ends[which == 0 ? 0 : 1];
    io->ours[which] = ends[which == 0 ? 1 : 0];
}

static void make_stdio(struct stdio *io, const struct dbl_json *parameters)
{
    *io = (struct stdio){{-1, -1, -1}, {-1, -1, -1}, -1};
    if (dbl_json_true(parameters, "EmulateConsole")) {
        make_console(io, parameters);
        return;
    }
    make_pipe(io, 0, dbl_json_true(parameters, "CreateStdInPipe"));
    make_pipe(io, 1, dbl_json_true(parameters, "CreateStdOutPipe"));
    make_pipe(io, 2, dbl_json_true(parameters, "CreateStdErrPipe"));
}

static char **environment_of(const struct dbl_json *parameters)
{
    size_t count = 0;
    const struct dbl_json *environment = dbl_json_get(parameters, "Environment");
    char **variables = calloc(2, sizeof *variables);
    variables[count++] = strdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin");
    for (const struct dbl_json *at = environment ? environment->first : NULL; at; at = at->next) {
        variables = realloc(variables, (count + 2) * sizeof *variables);
        variables[count++] = dbl_format("%s=%s", at->name, at->text ? at->text : "");
        variables[count] = NULL;
    }
    return variables;
}

static int spawn(pid_t *pid, const char *command, const struct dbl_json *parameters,
                 const struct stdio *io)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < 3; i++) {
        posix_spawn_file_actions_adddup2(&actions, io->child[i], i);
    }
    const char *directory = dbl_json_string(parameters, "WorkingDirectory");
    if (directory && directory[0] == '/') {
        posix_spawn_file_actions_addchdir_np(&actions, directory);
    }
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    char *arguments[] = {"/bin/sh", "-c", (char *)(uintptr_t)command, NULL};
    char **environment = environment_of(parameters);
    int error = posix_spawn(pid, "/bin/sh", &actions, &attributes, arguments, environment);
    for (char **variable = environment; *variable; variable++) {
        free(*variable);
    }
    free(environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static void hand_out(struct process *process, struct operation *operation)
{
    HCS_PROCESS_INFORMATION *information = &operation->process;
    operation->has_process = true;
    information->ProcessId = (DWORD)process->pid;
    information->StdInput = process->input < 0 ? NULL : dbl_pipe_open(process->input);
    information->StdOutput = process->output < 0 ? NULL : dbl_pipe_open(process->output);
    information->StdError = process->error < 0 ? NULL : dbl_pipe_open(process->error);
    process->input = process->output = process->error = -1;
}

static HRESULT refuse(HRESULT result, const char *message, char **document)
{
    *document = core_document(result, message, NULL);
    return result;
}

static HRESULT create(struct work *work, char **document)
{
    struct process *process = work->process;
    struct dbl_json *parameters = dbl_json_parse(work->argument);
    const char *command = dbl_json_string(parameters, "CommandLine");
    HRESULT result = 0;
    if (!command) {
        result = refuse(HCS_E_INVALID_JSON, "The process parameters are invalid.", document);
    } else if (work->system->state == STOPPED) {
        result = refuse(HCS_E_SYSTEM_ALREADY_STOPPED, "The container is not running.", document);
    } else if (work->system->state != RUNNING) {
        result = refuse(HCS_E_INVALID_STATE, "The operation is not valid in the current state.",
                        document);
    } else {
        struct stdio io;
        make_stdio(&io, parameters);
        int error = spawn(&process->pid, command, parameters, &io);
        for (int i = 0; i < 3; i++) {
            close(io.child[i]);
        }
        if (error) {
            for (int i = 0; i < 3; i++) {
                if (io.ours[i] >= 0) {
                    close(io.ours[i]);
                }
            }
            if (io.console >= 0) {
                close(io.console);
            }
            result = WIN32_RESULT(ERROR_FILE_NOT_FOUND);
            *document =
                core_document(result, "The system cannot find the file specified.", command);
        } else {
            process->input = io.ours[0];
            process->output = io.ours[1];
            process->error = io.ours[2];
            process->console = io.console;
            process->exited = false;
            process->next = work->system->processes;
            work->system->processes = process;
            hand_out(process, work->target);
            dbl_thread(watch, process);
        }
    }
    dbl_json_free(parameters);
    return result;
}

HRESULT WINAPI HcsCreateProcess(HCS_SYSTEM handle, PCWSTR parameters, HCS_OPERATION operation,
                                const SECURITY_DESCRIPTOR *security, HCS_PROCESS *opened)
{
    DBL_FAIL_AT_CALL();
    if (!parameters || (security && security->revision != 1)) {
        return E_INVALIDARG;
    }
    pthread_mutex_lock(&dbl_lock);
    struct reference *reference = core_system(handle);
    struct system *system = reference ? reference->system : NULL;
    pthread_mutex_unlock(&dbl_lock);
    if (!system) {
        return E_HANDLE;
    }
    /* Never freed: handles to it may outlive it, and a test makes few. */
    struct process *process = calloc(1, sizeof *process);
    process->system = system;
    process->exited = true;
    process->input = process->output = process->error = process->console = -1;
    HRESULT result =
        core_begin(HcsOperationTypeCreateProcess, (struct work){.operation = operation,
                                                                .function = __func__,
                                                                .system = system,
                                                                .process = process,
                                                                .argument = dbl_utf8(parameters),
                                                                .run = create});
    if (result) {
        free(process);
        return result;
    }
    pthread_mutex_lock(&dbl_lock);
    *opened = core_refer(DBL_PROCESS, system, process);
    pthread_mutex_unlock(&dbl_lock);
    return 0;
}

HRESULT WINAPI HcsOpenProcess(HCS_SYSTEM handle, DWORD id, DWORD access, HCS_PROCESS *opened)
{
    DBL_FAIL_AT_CALL();
    if (access != 0x10000000) {
        return E_ACCESSDENIED;
    }
    HRESULT result = WIN32_RESULT(ERROR_NOT_FOUND);
    pthread_mutex_lock(&dbl_lock);
    struct reference *reference = core_system(handle);
    if (!reference) {
        result = E_HANDLE;
    }
    for (struct process *at = reference ? reference->system->processes : NULL; at; at = at->next) {
        if ((DWORD)at->pid == id && !at->exited) {
            *opened = core_refer(DBL_PROCESS, at->system, at);
            result = 0;
            break;
        }
    }
    pthread_mutex_unlock(&dbl_lock);
    return result;
}

void WINAPI HcsCloseProcess(HCS_PROCESS handle)
{
    pthread_mutex_lock(&dbl_lock);
    free(core_close(handle, DBL_PROCESS));
    pthread_mutex_unlock(&dbl_lock);
}

/* --- life --- */

static HRESULT stopped(char **document)
{
    return refuse(HCS_E_PROCESS_ALREADY_STOPPED, "The process has already exited.", document);
}

static HRESULT terminate(struct work *work, char **document)
{
    if (work->process->exited) {
        return stopped(document);
    }
    kill(-work->process->pid, SIGKILL);
    return 0;
}

static HRESULT signal_it(struct work *work, char **document)
{
    static const struct {
        const char *name;
        int signal;
    } signals[] = {{"CtrlC", SIGINT},
                   {"CtrlBreak", SIGQUIT},
                   {"CtrlClose", SIGHUP},
                   {"CtrlLogOff", SIGHUP},
                   {"CtrlShutdown", SIGTERM}};
    struct dbl_json *options = dbl_json_parse(work->argument);
    const char *name = dbl_json_string(options, "Signal");
    int number = 0;
    for (size_t i = 0; name && i < sizeof signals / sizeof *signals; i++) {
        if (strcmp(signals[i].name, name) == 0) {
            number = signals[i].signal;
        }
    }
    dbl_json_free(options);
    if (!number) {
        return refuse(HCS_E_INVALID_JSON, "The signal is unknown.", document);
    }
    if (work->process->exited) {
        return stopped(document);
    }
    kill(-work->process->pid, number);
    return 0;
}

static HRESULT properties(struct work *work, char **document)
{
    *document = status(work->process);
    return 0;
}

static HRESULT information(struct work *work, char **document)
{
    if (!work->process->pid) {
        return refuse(HCS_E_PROCESS_INFO_NOT_AVAILABLE, "The process information is not available.",
                      document);
    }
    hand_out(work->process, work->target);
    return 0;
}

static HRESULT modify(struct work *work, char **document)
{
    struct dbl_json *request = dbl_json_parse(work->argument),
                    *size = dbl_json_get(request, "ConsoleSize");
    const char *operation = dbl_json_string(request, "Operation");
    const struct dbl_json *height = dbl_json_get(size, "Height"),
                          *width = dbl_json_get(size, "Width");
    HRESULT result = 0;
    if (!operation || strcmp(operation, "ConsoleSize") != 0 || !height || !width) {
        result = refuse(HCS_E_INVALID_JSON, "The request is invalid.", document);
    } else if (work->process->exited) {
        result = stopped(document);
    } else if (work->process->console < 0) {
        result = refuse(HCS_E_INVALID_STATE, "The process has no console.", document);
    } else {
        struct winsize window = {.ws_row = (unsigned short)atoi(height->text),
                                 .ws_col = (unsigned short)atoi(width->text)};
        ioctl(work->process->console, TIOCSWINSZ, &window);
    }
    dbl_json_free(request);
    return result;
}

static HRESULT on_process(HCS_PROCESS handle, HCS_OPERATION operation, PCWSTR argument,
                          const char *function, HCS_OPERATION_TYPE type,
                          HRESULT (*run)(struct work *, char **))
{
    pthread_mutex_lock(&dbl_lock);
    struct reference *reference = core_process(handle);
    struct process *process = reference ? reference->process : NULL;
    pthread_mutex_unlock(&dbl_lock);
    return process ? core_begin(type, (struct work){.operation = operation,
                                                    .function = function,
                                                    .system = process->system,
                                                    .process = process,
                                                    .argument = dbl_utf8(argument),
                                                    .run = run})
                   : E_HANDLE;
}

#define PROCESS_OPERATION(name, type, run)                                                         \
    HRESULT WINAPI name(HCS_PROCESS handle, HCS_OPERATION operation, PCWSTR argument)              \
    {                                                                                              \
        DBL_FAIL_AT_CALL();                                                                        \
        return on_process(handle, operation, argument, __func__, type, run);                       \
    }

PROCESS_OPERATION(HcsTerminateProcess, HcsOperationTypeNone, terminate)
PROCESS_OPERATION(HcsSignalProcess, HcsOperationTypeSignalProcess, signal_it)
PROCESS_OPERATION(HcsGetProcessProperties, HcsOperationTypeGetProcessProperties, properties)
PROCESS_OPERATION(HcsModifyProcess, HcsOperationTypeModifyProcess, modify)

HRESULT WINAPI HcsGetProcessInfo(HCS_PROCESS handle, HCS_OPERATION operation)
{
    DBL_FAIL_AT_CALL();
    return on_process(handle, operation, NULL, __func__, HcsOperationTypeGetProcessInfo,
                      information);
}

HRESULT WINAPI HcsSetProcessCallback(HCS_PROCESS handle, HCS_EVENT_OPTIONS options, void *context,
                                     HCS_EVENT_CALLBACK callback)
{
    DBL_FAIL_AT_CALL();
    pthread_mutex_lock(&dbl_lock);
    HRESULT result = core_subscribe(core_process(handle), options, context, callback);
    pthread_mutex_unlock(&dbl_lock);
    return result;
}
