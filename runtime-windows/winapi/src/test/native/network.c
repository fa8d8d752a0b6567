/* computenetwork.dll: networks, endpoints and namespaces as documents. */
#include "double.h"

#include <computenetwork.h>

struct object {
    struct object *next;
    enum dbl_kind kind;
    GUID id;
    GUID network;         /* of an endpoint */
    struct object *space; /* the namespace of an endpoint */
    struct dbl_json *settings;
    bool deleted;
};
static struct object *objects;

static bool same(const GUID *a, const GUID *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static struct object *find(enum dbl_kind kind, REFGUID id)
{
    struct object *object = objects;
    while (object && (object->kind != kind || !same(&object->id, id))) {
        object = object->next;
    }
    return object;
}

static char *id_text(const GUID *id)
{
    const uint8_t *tail = id->Data4;
    return dbl_format("%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X", id->Data1, id->Data2,
                      id->Data3, tail[0], tail[1], tail[2], tail[3], tail[4], tail[5], tail[6],
                      tail[7]);
}

static bool id_of(const char *text, GUID *id)
{
    unsigned part[11];
    if (!text || strlen(text) != 36 ||
        sscanf(text, "%8x-%4x-%4x-%2x%2x-%2x%2x%2x%2x%2x%2x", &part[0], &part[1], &part[2],
               &part[3], &part[4], &part[5], &part[6], &part[7], &part[8], &part[9],
               &part[10]) != 11) {
        return false;
    }
    id->Data1 = part[0];
    id->Data2 = (uint16_t)part[1];
    id->Data3 = (uint16_t)part[2];
    for (int i = 0; i < 8; i++) {
        id->Data4[i] = (uint8_t)part[3 + i];
    }
    return true;
}

/* --- answers --- */

static HRESULT answer(HRESULT result, const char *message, PWSTR *record)
{
    if (record) {
        *record = NULL;
    }
    if (result && record) {
        char *text =
            dbl_format("{\"ErrorCode\":%d,\"Error\":\"%s\",\"Success\":false}", result, message);
        *record = dbl_wide(DBL_TASK, text);
        free(text);
    }
    return result;
}

static bool injected(const char *function, PWSTR *record, HRESULT *result)
{
    char *document = NULL;
    if (!dbl_fault(function, DBL_AT_CALL, result, &document)) {
        return false;
    }
    if (record) {
        *record = document ? dbl_wide(DBL_TASK, document) : NULL;
    }
    free(document);
    return true;
}

static HRESULT unknown(enum dbl_kind kind, PWSTR *record)
{
    switch (kind) {
    case DBL_NETWORK:
        return answer(HCN_E_NETWORK_NOT_FOUND, "The network was not found. ", record);
    case DBL_ENDPOINT:
        return answer(HCN_E_ENDPOINT_NOT_FOUND, "The endpoint was not found. ", record);
    default:
        return answer(WIN32_RESULT(ERROR_NOT_FOUND), "Element not found. ", record);
    }
}

/* --- notifications --- */

struct registration {
    struct registration *next;
    HCN_NOTIFICATION_CALLBACK callback;
    void *context;
    int running;
};
static struct registration *registrations;

struct notice {
    DWORD type;
    PWSTR data;
};

static void *notify(void *argument)
{
    struct notice *notice = argument;
    struct registration *called[16];
    int count = 0;
    pthread_mutex_lock(&dbl_lock);
    for (struct registration *at = registrations; at && count < 16; at = at->next) {
        at->running++;
        called[count++] = at;
    }
    pthread_mutex_unlock(&dbl_lock);
    for (int i = 0; i < count; i++) {
        called[i]->callback(notice->type, called[i]->context, 0, notice->data);
    }
    pthread_mutex_lock(&dbl_lock);
    for (int i = 0; i < count; i++) {
        called[i]->running--;
    }
    pthread_cond_broadcast(&dbl_changed);
    pthread_mutex_unlock(&dbl_lock);
    dbl_heap_free(DBL_OWN, notice->data, __func__);
    free(notice);
    return NULL;
}

/* Under the lock; without registrations nothing is started, so that nothing outlives a test. */
static void tell(DWORD type, const GUID *id)
{
    if (!registrations) {
        return;
    }
    char *name = id_text(id), *text = dbl_format("{\"ID\":\"%s\"}", name);
    struct notice *notice = malloc(sizeof *notice);
    *notice = (struct notice){type, dbl_wide(DBL_OWN, text)};
    free(text);
    free(name);
    dbl_thread(notify, notice);
}

HRESULT WINAPI HcnRegisterServiceCallback(HCN_NOTIFICATION_CALLBACK Callback, void *Context,
                                          HCN_CALLBACK *CallbackHandle)
{
    DBL_FAIL_AT_CALL();
    struct registration *registration = calloc(1, sizeof *registration);
    registration->callback = Callback;
    registration->context = Context;
    pthread_mutex_lock(&dbl_lock);
    registration->next = registrations;
    registrations = registration;
    *CallbackHandle = dbl_handle_open(DBL_REGISTRATION, registration);
    pthread_mutex_unlock(&dbl_lock);
    return 0;
}

HRESULT WINAPI HcnUnregisterServiceCallback(HCN_CALLBACK CallbackHandle)
{
    DBL_FAIL_AT_CALL();
    pthread_mutex_lock(&dbl_lock);
    struct registration *registration = dbl_handle_close(CallbackHandle, DBL_REGISTRATION);
    for (struct registration **at = &registrations; registration && *at; at = &(*at)->next) {
        if (*at == registration) {
            *at = registration->next;
            break;
        }
    }
    while (registration && registration->running) {
        pthread_cond_wait(&dbl_changed, &dbl_lock);
    }
    pthread_mutex_unlock(&dbl_lock);
    free(registration);
    return registration ? 0 : E_HANDLE;
}

/* --- one shape for the three kinds --- */

static bool name_is_taken(const char *name)
{
    for (const struct object *at = objects; name && at; at = at->next) {
        const char *other = dbl_json_string(at->settings, "Name");
        if (at->kind == DBL_NETWORK && other && strcmp(other, name) == 0) {
            return true;
        }
    }
    return false;
}

static HRESULT check_network(const struct dbl_json *settings, PWSTR *record)
{
    static const char *const types[] = {"NAT",      "ICS",     "Transparent", "L2Bridge",
                                        "L2Tunnel", "Overlay", "Internal",    "Private"};
    const char *type = dbl_json_string(settings, "Type");
    if (!type) {
        return answer(HCN_E_INVALID_NETWORK, "Invalid network configuration. ", record);
    }
    size_t i = 0;
    while (i < sizeof types / sizeof *types && strcmp(types[i], type) != 0) {
        i++;
    }
    if (i == sizeof types / sizeof *types) {
        return answer(HCN_E_INVALID_NETWORK_TYPE, "Invalid network type. ", record);
    }
    return name_is_taken(dbl_json_string(settings, "Name"))
               ? answer(HCN_E_NETWORK_ALREADY_EXISTS, "A network with this name already exists. ",
                        record)
               : 0;
}

static HRESULT create(enum dbl_kind kind, const GUID *network, REFGUID id, PCWSTR settings,
                      void **handle, PWSTR *record)
{
    char *text = dbl_utf8(settings);
    struct dbl_json *document = dbl_json_parse(text);
    free(text);
    HRESULT result = answer(0, NULL, record);
    pthread_mutex_lock(&dbl_lock);
    if (!document || document->type != DBL_OBJECT) {
        result = answer(HCN_E_INVALID_JSON, "Invalid JSON document string. ", record);
    } else if (find(kind, id)) {
        result = answer(WIN32_RESULT(ERROR_ALREADY_EXISTS),
                        "Cannot create a file when that file already exists. ", record);
    } else if (kind == DBL_NETWORK) {
        result = check_network(document, record);
    }
    if (!result) {
        struct object *object = calloc(1, sizeof *object);
        object->kind = kind;
        object->id = *id;
        if (network) {
            object->network = *network;
            char *name = id_text(network);
            dbl_json_set(document, "HostComputeNetwork", dbl_json_new(DBL_STRING, name));
            free(name);
        }
        char *name = id_text(id);
        dbl_json_set(document, "ID", dbl_json_new(DBL_STRING, name));
        free(name);
        object->settings = document;
        object->next = objects;
        objects = object;
        *handle = dbl_handle_open(kind, object);
        if (kind != DBL_ENDPOINT) {
            tell(kind == DBL_NETWORK ? HcnNotificationNetworkCreate
                                     : HcnNotificationNamespaceCreate,
                 id);
        }
    }
    pthread_mutex_unlock(&dbl_lock);
    if (result) {
        dbl_json_free(document);
    }
    return result;
}

static HRESULT open_object(enum dbl_kind kind, REFGUID id, void **handle, PWSTR *record)
{
    pthread_mutex_lock(&dbl_lock);
    struct object *object = find(kind, id);
    HRESULT result = object ? answer(0, NULL, record) : unknown(kind, record);
    if (object) {
        *handle = dbl_handle_open(kind, object);
    }
    pthread_mutex_unlock(&dbl_lock);
    return result;
}

static HRESULT close_object(enum dbl_kind kind, void *handle)
{
    pthread_mutex_lock(&dbl_lock);
    bool closed = dbl_handle_close(handle, kind) != NULL;
    pthread_mutex_unlock(&dbl_lock);
    return closed ? 0 : E_HANDLE;
}

static HRESULT enumerate(enum dbl_kind kind, PCWSTR query, PWSTR *ids, PWSTR *record)
{
    char *text = dbl_utf8(query);
    struct dbl_json *filter = dbl_json_parse(text);
    if (text && *text && !filter) {
        free(text);
        *ids = NULL;
        return answer(HCN_E_INVALID_JSON, "Invalid JSON document string. ", record);
    }
    struct dbl_json *list = dbl_json_new(DBL_ARRAY, NULL);
    pthread_mutex_lock(&dbl_lock);
    for (const struct object *at = objects; at; at = at->next) {
        if (at->kind == kind) {
            char *name = id_text(&at->id);
            dbl_json_append(list, dbl_json_new(DBL_STRING, name));
            free(name);
        }
    }
    pthread_mutex_unlock(&dbl_lock);
    char *written = dbl_json_write(list);
    *ids = dbl_wide(DBL_TASK, written);
    free(written);
    dbl_json_free(list);
    dbl_json_free(filter);
    free(text);
    return answer(0, NULL, record);
}

/* The endpoints of a namespace are its resources. */
static void add_resources(struct dbl_json *properties, const struct object *space)
{
    struct dbl_json *resources = dbl_json_new(DBL_ARRAY, NULL);
    for (const struct object *at = objects; at; at = at->next) {
        if (at->kind == DBL_ENDPOINT && at->space == space) {
            char *name = id_text(&at->id),
                 *text = dbl_format("{\"Type\":\"Endpoint\",\"Data\":{\"Id\":\"%s\"}}", name);
            dbl_json_append(resources, dbl_json_parse(text));
            free(text);
            free(name);
        }
    }
    dbl_json_set(properties, "Resources", resources);
}

static HRESULT query_object(enum dbl_kind kind, void *handle, PWSTR *text, PWSTR *record)
{
    *text = NULL;
    pthread_mutex_lock(&dbl_lock);
    struct object *object = dbl_handle_get(handle, kind);
    HRESULT result = !object           ? E_HANDLE
                     : object->deleted ? unknown(kind, record)
                                       : answer(0, NULL, record);
    if (!result) {
        struct dbl_json *properties = dbl_json_clone(object->settings);
        if (kind == DBL_NAMESPACE) {
            add_resources(properties, object);
        } else if (kind == DBL_ENDPOINT && object->space) {
            char *name = id_text(&object->space->id);
            dbl_json_set(properties, "HostComputeNamespace", dbl_json_new(DBL_STRING, name));
            free(name);
        }
        char *written = dbl_json_write(properties);
        *text = dbl_wide(DBL_TASK, written);
        free(written);
        dbl_json_free(properties);
    }
    pthread_mutex_unlock(&dbl_lock);
    return result;
}

static HRESULT delete_object(enum dbl_kind kind, REFGUID id, PWSTR *record)
{
    pthread_mutex_lock(&dbl_lock);
    struct object *object = find(kind, id);
    HRESULT result = object ? answer(0, NULL, record) : unknown(kind, record);
    for (const struct object *at = objects; !result && at; at = at->next) {
        if (at->kind == DBL_ENDPOINT && ((kind == DBL_NETWORK && same(&at->network, id)) ||
                                         (kind == DBL_NAMESPACE && at->space == object))) {
            result = answer(HCN_E_ENTITY_HAS_REFERENCES,
                            "The specified entity still has references. ", record);
        }
    }
    for (struct object **at = &objects; !result && *at; at = &(*at)->next) {
        if (*at == object) {
            *at = object->next; /* not freed: handles may still refer to it */
            object->deleted = true;
            break;
        }
    }
    if (!result && kind != DBL_ENDPOINT) {
        tell(kind == DBL_NETWORK ? HcnNotificationNetworkDelete : HcnNotificationNamespaceDelete,
             id);
    }
    pthread_mutex_unlock(&dbl_lock);
    return result;
}

/* --- changes --- */

static HRESULT change_policies(struct object *object, const char *how,
                               const struct dbl_json *settings, PWSTR *record)
{
    const struct dbl_json *policies = dbl_json_get(settings, "Policies");
    if (!policies || (strcmp(how, "Add") != 0 && strcmp(how, "Update") != 0)) {
        return answer(HCN_E_REQUEST_UNSUPPORTED, "The specified request is unsupported. ", record);
    }
    const struct dbl_json *present =
        strcmp(how, "Add") == 0 ? dbl_json_get(object->settings, "Policies") : NULL;
    struct dbl_json *all = present ? dbl_json_clone(present) : dbl_json_new(DBL_ARRAY, NULL);
    for (const struct dbl_json *policy = policies->first; policy; policy = policy->next) {
        dbl_json_append(all, dbl_json_clone(policy));
    }
    dbl_json_set(object->settings, "Policies", all);
    return 0;
}

static HRESULT change_members(struct object *space, const char *how,
                              const struct dbl_json *settings, PWSTR *record)
{
    GUID id;
    struct object *endpoint =
        id_of(dbl_json_string(settings, "EndpointId"), &id) ? find(DBL_ENDPOINT, &id) : NULL;
    if (!endpoint) {
        return unknown(DBL_ENDPOINT, record);
    }
    if (strcmp(how, "Add") == 0 && endpoint->space) {
        return answer(HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS,
                      "This requested operation is invalid as endpoint is already part of "
                      "a network namespace. ",
                      record);
    }
    if (strcmp(how, "Remove") == 0 && endpoint->space != space) {
        return unknown(DBL_ENDPOINT, record);
    }
    endpoint->space = strcmp(how, "Add") == 0 ? space : NULL;
    return 0;
}

static HRESULT modify(enum dbl_kind kind, void *handle, PCWSTR request, PWSTR *record)
{
    char *text = dbl_utf8(request);
    struct dbl_json *document = dbl_json_parse(text);
    const char *what = dbl_json_string(document, "ResourceType"),
               *how = dbl_json_string(document, "RequestType");
    const struct dbl_json *settings = dbl_json_get(document, "Settings");
    HRESULT result = answer(0, NULL, record);
    pthread_mutex_lock(&dbl_lock);
    struct object *object = dbl_handle_get(handle, kind);
    if (!object) {
        result = E_HANDLE;
    } else if (!what || !how || !settings) {
        result = answer(HCN_E_INVALID_JSON, "Invalid JSON document string. ", record);
    } else if (kind == DBL_NAMESPACE && strcmp(what, "Endpoint") == 0) {
        result = change_members(object, how, settings, record);
    } else if (kind != DBL_NAMESPACE && strcmp(what, "Policy") == 0) {
        result = change_policies(object, how, settings, record);
    } else {
        result =
            answer(HCN_E_REQUEST_UNSUPPORTED, "The specified request is unsupported. ", record);
    }
    pthread_mutex_unlock(&dbl_lock);
    dbl_json_free(document);
    free(text);
    return result;
}

/* --- exports --- */

#define INJECTED(record)                                                                           \
    do {                                                                                           \
        HRESULT fault;                                                                             \
        if (injected(__func__, record, &fault)) {                                                  \
            return fault;                                                                          \
        }                                                                                          \
    } while (0)

#define KIND(Name, kind, Type)                                                                     \
    HRESULT WINAPI HcnEnumerate##Name##s(PCWSTR Query, PWSTR *List, PWSTR *ErrorRecord)            \
    {                                                                                              \
        *List = NULL;                                                                              \
        INJECTED(ErrorRecord);                                                                     \
        return enumerate(kind, Query, List, ErrorRecord);                                          \
    }                                                                                              \
    HRESULT WINAPI HcnOpen##Name(REFGUID Id, Type *Handle, PWSTR *ErrorRecord)                     \
    {                                                                                              \
        INJECTED(ErrorRecord);                                                                     \
        return open_object(kind, Id, Handle, ErrorRecord);                                         \
    }                                                                                              \
    HRESULT WINAPI HcnModify##Name(Type Handle, PCWSTR Settings, PWSTR *ErrorRecord)               \
    {                                                                                              \
        INJECTED(ErrorRecord);                                                                     \
        return modify(kind, Handle, Settings, ErrorRecord);                                        \
    }                                                                                              \
    HRESULT WINAPI HcnQuery##Name##Properties(Type Handle, PCWSTR Query, PWSTR *Properties,        \
                                              PWSTR *ErrorRecord)                                  \
    {                                                                                              \
        (void)Query;                                                                               \
        *Properties = NULL;                                                                        \
        INJECTED(ErrorRecord);                                                                     \
        return query_object(kind, Handle, Properties, ErrorRecord);                                \
    }                                                                                              \
    HRESULT WINAPI HcnDelete##Name(REFGUID Id, PWSTR *ErrorRecord)                                 \
    {                                                                                              \
        INJECTED(ErrorRecord);                                                                     \
        return delete_object(kind, Id, ErrorRecord);                                               \
    }                                                                                              \
    HRESULT WINAPI HcnClose##Name(Type Handle)                                                     \
    {                                                                                              \
        return close_object(kind, Handle);                                                         \
    }

KIND(Network, DBL_NETWORK, HCN_NETWORK)
KIND(Namespace, DBL_NAMESPACE, HCN_NAMESPACE)
KIND(Endpoint, DBL_ENDPOINT, HCN_ENDPOINT)

HRESULT WINAPI HcnCreateNetwork(REFGUID Id, PCWSTR Settings, PHCN_NETWORK Network,
                                PWSTR *ErrorRecord)
{
    INJECTED(ErrorRecord);
    return create(DBL_NETWORK, NULL, Id, Settings, Network, ErrorRecord);
}

HRESULT WINAPI HcnCreateNamespace(REFGUID Id, PCWSTR Settings, PHCN_NAMESPACE Namespace,
                                  PWSTR *ErrorRecord)
{
    INJECTED(ErrorRecord);
    return create(DBL_NAMESPACE, NULL, Id, Settings, Namespace, ErrorRecord);
}

HRESULT WINAPI HcnCreateEndpoint(HCN_NETWORK Network, REFGUID Id, PCWSTR Settings,
                                 PHCN_ENDPOINT Endpoint, PWSTR *ErrorRecord)
{
    INJECTED(ErrorRecord);
    pthread_mutex_lock(&dbl_lock);
    struct object *network = dbl_handle_get(Network, DBL_NETWORK);
    pthread_mutex_unlock(&dbl_lock);
    return network ? create(DBL_ENDPOINT, &network->id, Id, Settings, Endpoint, ErrorRecord)
                   : E_HANDLE;
}
