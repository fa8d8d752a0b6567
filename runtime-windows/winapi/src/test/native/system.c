/* Compute systems: what computecore.dll does with containers. */
#include <signal.h>

#include "core.h"

static struct system *systems;

static const char *state_name(enum state state)
{
    static const char *const names[] = {"Created", "Running", "Paused", "Running", "Stopped"};
    return names[state];
}

static struct system *find(const char *id)
{
    struct system *system = systems;
    while (system && strcmp(system->id, id) != 0) {
        system = system->next;
    }
    return system;
}

/* A system that has stopped is gone for everybody but its handles. */
static void forget(struct system *system)
{
    for (struct system **at = &systems; *at; at = &(*at)->next) {
        if (*at == system) {
            *at = system->next;
            return;
        }
    }
}

char *core_stop(struct system *system, const char *how)
{
    core_kill(system, SIGKILL);
    system->state = STOPPED;
    forget(system);
    return dbl_format("{\"Status\":0,\"ExitType\":\"%s\"}", how);
}

/* --- creation --- */

static const char *wrong_in(const struct dbl_json *configuration)
{
    static const char *const known[] = {"Owner",
                                        "SchemaVersion",
                                        "HostingSystemId",
                                        "HostedSystem",
                                        "Container",
                                        "VirtualMachine",
                                        "ShouldTerminateOnLastHandleClosed"};
    if (!configuration || configuration->type != DBL_OBJECT) {
        return "";
    }
    for (const struct dbl_json *member = configuration->first; member; member = member->next) {
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(known[i], member->name) != 0) {
            i++;
        }
        if (i == sizeof known / sizeof *known) {
            return member->name;
        }
    }
    const struct dbl_json *major =
        dbl_json_get(dbl_json_get(configuration, "SchemaVersion"), "Major");
    if (!major || !major->text || strcmp(major->text, "2") != 0) {
        return "SchemaVersion";
    }
    return dbl_json_get(configuration, "Container") ? NULL : "Container";
}

static HRESULT create(struct work *work, char **document)
{
    const char *wrong = wrong_in(work->system->configuration);
    if (wrong) {
        char *event = dbl_format("Unexpected or missing field '%s'.", wrong);
        *document =
            core_document(HCS_E_INVALID_JSON, "The container JSON document is invalid.", event);
        free(event);
        return HCS_E_INVALID_JSON;
    }
    if (find(work->system->id)) {
        *document =
            core_document(HCS_E_SYSTEM_ALREADY_EXISTS,
                          "A container with the specified identifier already exists.", NULL);
        return HCS_E_SYSTEM_ALREADY_EXISTS;
    }
    work->system->next = systems;
    systems = work->system;
    return 0;
}

HRESULT WINAPI HcsCreateComputeSystem(PCWSTR id, PCWSTR configuration, HCS_OPERATION operation,
                                      const SECURITY_DESCRIPTOR *security, HCS_SYSTEM *handle)
{
    DBL_FAIL_AT_CALL();
    if (!id || !*id || !configuration || (security && security->revision != 1)) {
        return E_INVALIDARG;
    }
    struct system *system = calloc(1, sizeof *system);
    char *text = dbl_utf8(configuration);
    system->id = dbl_utf8(id);
    system->configuration = dbl_json_parse(text);
    system->modifications = dbl_json_new(DBL_ARRAY, NULL);
    free(text);
    HRESULT result = core_begin(HcsOperationTypeCreate, (struct work){.operation = operation,
                                                                      .function = __func__,
                                                                      .system = system,
                                                                      .run = create});
    pthread_mutex_lock(&dbl_lock);
    if (!result) {
        system->handles++;
        *handle = core_refer(DBL_SYSTEM, system, NULL);
    }
    pthread_mutex_unlock(&dbl_lock);
    return result;
}

HRESULT WINAPI HcsOpenComputeSystem(PCWSTR id, DWORD access, HCS_SYSTEM *handle)
{
    DBL_FAIL_AT_CALL();
    if (access != 0x10000000) {
        return E_ACCESSDENIED;
    }
    char *name = dbl_utf8(id);
    pthread_mutex_lock(&dbl_lock);
    struct system *system = find(name);
    if (system) {
        system->handles++;
        *handle = core_refer(DBL_SYSTEM, system, NULL);
    }
    pthread_mutex_unlock(&dbl_lock);
    free(name);
    return system ? 0 : HCS_E_SYSTEM_NOT_FOUND;
}

void WINAPI HcsCloseComputeSystem(HCS_SYSTEM handle)
{
    char *exit = NULL;
    pthread_mutex_lock(&dbl_lock);
    struct reference *reference = core_close(handle, DBL_SYSTEM);
    struct system *system = reference ? reference->system : NULL;
    if (system && --system->handles == 0 && system->state != STOPPED &&
        dbl_json_true(system->configuration, "ShouldTerminateOnLastHandleClosed")) {
        exit = core_stop(system, "ForcedExit");
    }
    pthread_mutex_unlock(&dbl_lock);
    free(reference);
    free(exit);
}

/* --- life --- */

static HRESULT refuse(HRESULT result, const char *message, char **document)
{
    *document = core_document(result, message, NULL);
    return result;
}

static HRESULT require(const struct system *system, enum state state, char **document)
{
    if (system->state == STOPPED && state != CREATED) {
        return refuse(HCS_E_SYSTEM_ALREADY_STOPPED, "The container is not running.", document);
    }
    if (system->state != state) {
        return refuse(HCS_E_INVALID_STATE, "The operation is not valid in the current state.",
                      document);
    }
    return 0;
}

static HRESULT start(struct work *work, char **document)
{
    HRESULT result = require(work->system, CREATED, document);
    if (!result) {
        work->system->state = RUNNING;
    }
    return result;
}

static HRESULT pause_it(struct work *work, char **document)
{
    HRESULT result = require(work->system, RUNNING, document);
    if (!result) {
        core_kill(work->system, SIGSTOP);
        work->system->state = PAUSED;
    }
    return result;
}

static HRESULT resume(struct work *work, char **document)
{
    HRESULT result = require(work->system, PAUSED, document);
    if (!result) {
        core_kill(work->system, SIGCONT);
        work->system->state = RUNNING;
    }
    return result;
}

static HRESULT shut_down(struct work *work, char **document)
{
    HRESULT result = require(work->system, RUNNING, document);
    if (result) {
        return result;
    }
    if (core_has_running(work->system)) {
        work->system->state = SHUTTING_DOWN;
        core_kill(work->system, SIGTERM);
    } else {
        work->event = HcsEventSystemExited;
        work->event_data = core_stop(work->system, "GracefulExit");
    }
    return 0;
}

static HRESULT terminate(struct work *work, char **document)
{
    if (work->system->state == STOPPED) {
        return refuse(HCS_E_SYSTEM_ALREADY_STOPPED, "The container is not running.", document);
    }
    work->event = HcsEventSystemExited;
    work->event_data = core_stop(work->system, "ForcedExit");
    return 0;
}

static HRESULT on_system(HCS_SYSTEM handle, HCS_OPERATION operation, PCWSTR argument,
                         const char *function, HCS_OPERATION_TYPE type,
                         HRESULT (*run)(struct work *, char **))
{
    pthread_mutex_lock(&dbl_lock);
    struct reference *reference = core_system(handle);
    struct system *system = reference ? reference->system : NULL;
    pthread_mutex_unlock(&dbl_lock);
    return system ? core_begin(type, (struct work){.operation = operation,
                                                   .function = function,
                                                   .system = system,
                                                   .argument = dbl_utf8(argument),
                                                   .run = run})
                  : E_HANDLE;
}

#define SYSTEM_OPERATION(name, type, run)                                                          \
    HRESULT WINAPI name(HCS_SYSTEM handle, HCS_OPERATION operation, PCWSTR options)                \
    {                                                                                              \
        DBL_FAIL_AT_CALL();                                                                        \
        return on_system(handle, operation, options, __func__, type, run);                         \
    }

SYSTEM_OPERATION(HcsStartComputeSystem, HcsOperationTypeStart, start)
SYSTEM_OPERATION(HcsShutDownComputeSystem, HcsOperationTypeShutdown, shut_down)
SYSTEM_OPERATION(HcsTerminateComputeSystem, HcsOperationTypeTerminate, terminate)
SYSTEM_OPERATION(HcsPauseComputeSystem, HcsOperationTypePause, pause_it)
SYSTEM_OPERATION(HcsResumeComputeSystem, HcsOperationTypeResume, resume)

static HRESULT modify(struct work *work, char **document)
{
    struct dbl_json *request = dbl_json_parse(work->argument);
    if (!dbl_json_string(request, "ResourcePath")) {
        dbl_json_free(request);
        return refuse(HCS_E_INVALID_JSON, "The container JSON document is invalid.", document);
    }
    if (work->system->state == STOPPED) {
        dbl_json_free(request);
        return refuse(HCS_E_SYSTEM_ALREADY_STOPPED, "The container is not running.", document);
    }
    dbl_json_append(work->system->modifications, request);
    return 0;
}

HRESULT WINAPI HcsModifyComputeSystem(HCS_SYSTEM handle, HCS_OPERATION operation, PCWSTR request,
                                      HANDLE identity)
{
    DBL_FAIL_AT_CALL();
    if (identity) {
        return E_INVALIDARG;
    }
    return on_system(handle, operation, request, __func__, HcsOperationTypeModify, modify);
}

/* --- properties --- */

static struct dbl_json *basics(const struct system *system)
{
    struct dbl_json *properties = dbl_json_new(DBL_OBJECT, NULL);
    const char *owner = dbl_json_string(system->configuration, "Owner");
    dbl_json_set(properties, "Id", dbl_json_new(DBL_STRING, system->id));
    dbl_json_set(properties, "SystemType", dbl_json_new(DBL_STRING, "Container"));
    dbl_json_set(properties, "Owner", dbl_json_new(DBL_STRING, owner ? owner : ""));
    dbl_json_set(properties, "State", dbl_json_new(DBL_STRING, state_name(system->state)));
    return properties;
}

static struct dbl_json *statistics(void)
{
    return dbl_json_parse(
        "{\"Timestamp\":\"2026-01-01T00:00:00.0000000Z\",\"Uptime100ns\":600000000,"
        "\"Processor\":{\"TotalRuntime100ns\":20,\"RuntimeUser100ns\":15,"
        "\"RuntimeKernel100ns\":5},"
        "\"Memory\":{\"MemoryUsageCommitBytes\":3000,\"MemoryUsageCommitPeakBytes\":4000,"
        "\"MemoryUsagePrivateWorkingSetBytes\":2000},"
        "\"Storage\":{\"ReadCountNormalized\":1,\"ReadSizeBytes\":512,"
        "\"WriteCountNormalized\":2,\"WriteSizeBytes\":1024}}");
}

static HRESULT properties(struct work *work, char **document)
{
    struct dbl_json *query = dbl_json_parse(work->argument);
    if (work->argument && !query) {
        return refuse(HCS_E_INVALID_JSON, "The container JSON document is invalid.", document);
    }
    struct dbl_json *answer = basics(work->system), *types = dbl_json_get(query, "PropertyTypes");
    for (const struct dbl_json *type = types ? types->first : NULL; type; type = type->next) {
        if (type->text && strcmp(type->text, "Statistics") == 0) {
            dbl_json_set(answer, "Statistics", statistics());
        } else if (type->text && strcmp(type->text, "ProcessList") == 0) {
            dbl_json_set(answer, "ProcessList", core_process_list(work->system));
        }
    }
    *document = dbl_json_write(answer);
    dbl_json_free(answer);
    dbl_json_free(query);
    return 0;
}

HRESULT WINAPI HcsGetComputeSystemProperties(HCS_SYSTEM handle, HCS_OPERATION operation,
                                             PCWSTR query)
{
    DBL_FAIL_AT_CALL();
    return on_system(handle, operation, query, __func__, HcsOperationTypeGetProperties, properties);
}

static bool selected(const struct dbl_json *list, const char *value)
{
    if (!list) {
        return true;
    }
    for (const struct dbl_json *entry = list->first; entry; entry = entry->next) {
        if (entry->text && value && strcmp(entry->text, value) == 0) {
            return true;
        }
    }
    return false;
}

static HRESULT enumerate(struct work *work, char **document)
{
    struct dbl_json *query = dbl_json_parse(work->argument),
                    *answer = dbl_json_new(DBL_ARRAY, NULL);
    if (work->argument && !query) {
        dbl_json_free(answer);
        return refuse(HCS_E_INVALID_JSON, "The query is invalid.", document);
    }
    for (const struct system *system = systems; system; system = system->next) {
        if (selected(dbl_json_get(query, "Ids"), system->id) &&
            selected(dbl_json_get(query, "Owners"),
                     dbl_json_string(system->configuration, "Owner")) &&
            selected(dbl_json_get(query, "Types"), "Container")) {
            dbl_json_append(answer, basics(system));
        }
    }
    *document = dbl_json_write(answer);
    dbl_json_free(answer);
    dbl_json_free(query);
    return 0;
}

HRESULT WINAPI HcsEnumerateComputeSystems(PCWSTR query, HCS_OPERATION operation)
{
    DBL_FAIL_AT_CALL();
    return core_begin(HcsOperationTypeEnumerate, (struct work){.operation = operation,
                                                               .function = __func__,
                                                               .argument = dbl_utf8(query),
                                                               .run = enumerate});
}

HRESULT WINAPI HcsGetServiceProperties(PCWSTR query, PWSTR *result)
{
    HRESULT fault;
    char *document;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, &document)) {
        *result = document ? dbl_wide(DBL_LOCAL, document) : NULL;
        free(document);
        return fault;
    }
    char *text = dbl_utf8(query);
    struct dbl_json *parsed = dbl_json_parse(text);
    HRESULT answer = text && !parsed ? HCS_E_INVALID_JSON : 0;
    *result = answer ? NULL
                     : dbl_wide(DBL_LOCAL, "{\"Properties\":[{\"SupportedSchemaVersions\":[{"
                                           "\"Major\":2,\"Minor\":1}]}]}");
    dbl_json_free(parsed);
    free(text);
    return answer;
}

HRESULT WINAPI HcsSetComputeSystemCallback(HCS_SYSTEM handle, HCS_EVENT_OPTIONS options,
                                           const void *context, HCS_EVENT_CALLBACK callback)
{
    DBL_FAIL_AT_CALL();
    pthread_mutex_lock(&dbl_lock);
    HRESULT result =
        core_subscribe(core_system(handle), options, (void *)(uintptr_t)context, callback);
    pthread_mutex_unlock(&dbl_lock);
    return result;
}

/* What a system was created with and what was changed since: for the tests of those who write the
 * documents. */
PWSTR DoubleSystem(PCWSTR id);

PWSTR DoubleSystem(PCWSTR id)
{
    char *name = dbl_utf8(id);
    PWSTR text = NULL;
    pthread_mutex_lock(&dbl_lock);
    struct system *system = find(name);
    if (system) {
        struct dbl_json *answer = dbl_json_new(DBL_OBJECT, NULL);
        dbl_json_set(answer, "Configuration", dbl_json_clone(system->configuration));
        dbl_json_set(answer, "Modifications", dbl_json_clone(system->modifications));
        char *written = dbl_json_write(answer);
        text = dbl_wide(DBL_LOCAL, written);
        free(written);
        dbl_json_free(answer);
    }
    pthread_mutex_unlock(&dbl_lock);
    free(name);
    return text;
}
