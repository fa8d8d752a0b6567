#include "plan.h"

#include "kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PLAN_MAGIC 0x31504c46u
#define PLAN_VERSION 1
#define HEADER_SIZE 32u

/* where an operation may stand, and what else the validator has to know of it */
enum {
    BEFORE = 1,      /* before CLONE or ENTER */
    AFTER = 2,       /* after it */
    NEEDS_ROOT = 4,  /* after ROOT, when it stands after CLONE */
    CONTAINER = 8,   /* in plans of kind 1 */
    EXEC_PLAN = 16,  /* in plans of kind 2 */
    CLAMPABLE = 32,  /* may carry CLAMP */
    MANDATORY = 64,  /* must not carry OPTIONAL */
    WRITES_SLOT = 128, /* the first argument is a slot that it fills */
    READS_SLOT = 256,  /* the first argument is a slot that it uses */
    RUNTIME_PLAN = 512, /* in plans of kind 3 */
    BOTH = CONTAINER | EXEC_PLAN
};

struct op_kind {
    const char *name;
    const char *signature;
    unsigned rules;
    uint32_t flag_bits; /* legal bits of the flags argument */
    int flag_at;        /* its place in the signature, -1 without */
};

static const struct op_kind kinds[OP_CODE_LIMIT] = {
    [OP_OPEN_TREE] = {"OPEN_TREE", "isi", BEFORE | AFTER | NEEDS_ROOT | BOTH | WRITES_SLOT, 3, 2},
    [OP_OPEN] = {"OPEN", "isi", BEFORE | BOTH | WRITES_SLOT, 0, -1},
    [OP_MOUNT_ATTR] = {"MOUNT_ATTR", "illlii", BEFORE | AFTER | BOTH | READS_SLOT, 1, 4},
    [OP_FS_MOUNT] = {"FS_MOUNT", "issvl", BEFORE | AFTER | BOTH | WRITES_SLOT, 0, -1},
    [OP_CHECK_NODE] = {"CHECK_NODE", "iiii", BEFORE | AFTER | BOTH | READS_SLOT, 0, -1},
    [OP_USER_NAMESPACE] = {"USER_NAMESPACE", "iss", BEFORE | CONTAINER | WRITES_SLOT, 0, -1},
    [OP_NET_DEVICE] = {"NET_DEVICE", "ss", AFTER | CONTAINER, 0, -1},
    [OP_JOIN] = {"JOIN", "ii", BEFORE | CONTAINER | MANDATORY | READS_SLOT, 0, -1},
    [OP_CGROUP_ENTER] = {"CGROUP_ENTER", "iii",
                         BEFORE | BOTH | RUNTIME_PLAN | MANDATORY | READS_SLOT, 3, 2},
    [OP_CLONE] = {"CLONE", "l", BEFORE | CONTAINER | MANDATORY, 0, -1},
    [OP_ENTER] = {"ENTER", "l", BEFORE | EXEC_PLAN | MANDATORY, 0, -1},
    [OP_ID_MAP] = {"ID_MAP", "ssi", AFTER | CONTAINER | MANDATORY, 1, 2},
    [OP_ROOT_IDS] = {"ROOT_IDS", "", AFTER | BOTH | MANDATORY, 0, -1},
    [OP_UNSHARE] = {"UNSHARE", "l", AFTER | CONTAINER, 0, -1},
    [OP_SYNC] = {"SYNC", "", AFTER | CONTAINER | MANDATORY, 0, -1},
    [OP_PARK] = {"PARK", "", AFTER | CONTAINER | MANDATORY, 0, -1},
    [OP_HOSTNAME] = {"HOSTNAME", "s", AFTER | CONTAINER, 0, -1},
    [OP_DOMAINNAME] = {"DOMAINNAME", "s", AFTER | CONTAINER, 0, -1},
    [OP_LOOPBACK_UP] = {"LOOPBACK_UP", "", AFTER | CONTAINER, 0, -1},
    [OP_SYSCTL] = {"SYSCTL", "ss", AFTER | CONTAINER, 0, -1},
    [OP_TIME_OFFSETS] = {"TIME_OFFSETS", "s", AFTER | CONTAINER, 0, -1},
    [OP_HOOK] = {"HOOK", "isvvis", AFTER | CONTAINER, 0, -1},
    [OP_KEYRING] = {"KEYRING", "s", AFTER | BOTH, 0, -1},
    [OP_PROPAGATION] = {"PROPAGATION", "li", AFTER | CONTAINER, 1, 1},
    [OP_ROOT] = {"ROOT", "i", AFTER | CONTAINER | MANDATORY | READS_SLOT, 0, -1},
    [OP_PIVOT] = {"PIVOT", "i", AFTER | CONTAINER | MANDATORY, 0, 0},
    [OP_ATTACH] = {"ATTACH", "isi", AFTER | NEEDS_ROOT | CONTAINER | READS_SLOT, 7, 2},
    [OP_PATH_ATTR] = {"PATH_ATTR", "sllli", AFTER | NEEDS_ROOT | CONTAINER, 1, 4},
    [OP_MKDIR] = {"MKDIR", "siii", AFTER | NEEDS_ROOT | BOTH, 0, -1},
    [OP_SYMLINK] = {"SYMLINK", "ss", AFTER | NEEDS_ROOT | BOTH, 0, -1},
    [OP_MKNOD] = {"MKNOD", "siiiii", AFTER | NEEDS_ROOT | BOTH, 0, -1},
    [OP_MASK] = {"MASK", "v", AFTER | NEEDS_ROOT | CONTAINER, 0, -1},
    [OP_READONLY] = {"READONLY", "v", AFTER | NEEDS_ROOT | CONTAINER, 0, -1},
    [OP_COPY_UP] = {"COPY_UP", "is", AFTER | NEEDS_ROOT | CONTAINER | READS_SLOT, 0, -1},
    [OP_CONSOLE] = {"CONSOLE", "iiiii", AFTER | NEEDS_ROOT | BOTH | MANDATORY, 1, 4},
    [OP_RLIMIT] = {"RLIMIT", "ill", AFTER | BOTH | CLAMPABLE, 0, -1},
    [OP_OOM_SCORE_ADJ] = {"OOM_SCORE_ADJ", "i", AFTER | BOTH | CLAMPABLE, 0, -1},
    [OP_UMASK] = {"UMASK", "i", AFTER | BOTH, 0777, 0},
    [OP_CWD] = {"CWD", "si", AFTER | BOTH, 3, 1},
    [OP_PERSONALITY] = {"PERSONALITY", "i", AFTER | BOTH, 0, -1},
    [OP_SCHEDULER] = {"SCHEDULER", "iiillll", AFTER | BOTH, 0, -1},
    [OP_IO_PRIORITY] = {"IO_PRIORITY", "i", AFTER | BOTH, 0, -1},
    [OP_CPU_AFFINITY] = {"CPU_AFFINITY", "b", AFTER | BOTH, 0, -1},
    [OP_LABEL] = {"LABEL", "is", AFTER | BOTH, 0, -1},
    [OP_NO_NEW_PRIVS] = {"NO_NEW_PRIVS", "", AFTER | BOTH | MANDATORY, 0, -1},
    [OP_SECCOMP] = {"SECCOMP", "ib", AFTER | BOTH | MANDATORY, 0, -1},
    [OP_MEMORY_POLICY] = {"MEMORY_POLICY", "ib", AFTER | BOTH, 0, -1},
    [OP_SECCOMP_LISTENER] = {"SECCOMP_LISTENER", "ss", AFTER | BOTH | MANDATORY, 0, -1},
    [OP_CREDENTIALS] = {"CREDENTIALS", "iiblllll" "i", AFTER | BOTH | CLAMPABLE | MANDATORY, 1, 8},
    [OP_PRESERVE] = {"PRESERVE", "ii", AFTER | BOTH | READS_SLOT, 0, -1},
    [OP_EXEC] = {"EXEC", "svvi", AFTER | BOTH | MANDATORY, 3, 3},
    [OP_BUNDLE_ROOT] = {"BUNDLE_ROOT", "is", BEFORE | RUNTIME_PLAN | MANDATORY | READS_SLOT, 0, -1},
    [OP_HIDE] = {"HIDE", "s", BEFORE | RUNTIME_PLAN | MANDATORY, 0, -1},
    [OP_RUNTIME] = {"RUNTIME", "isvvss", BEFORE | AFTER | RUNTIME_PLAN | MANDATORY, 0, -1},
};

/* what the validator remembers from one operation to the next */
struct check {
    struct plan *plan;
    bool filled[PLAN_SLOTS_MAX];
    bool monitor_pending;
    bool listener; /* the operation before was SECCOMP_LISTENER */
    struct failure *failure;
};

const char *plan_op_name(uint16_t code)
{
    const char *name = code < OP_CODE_LIMIT ? kinds[code].name : NULL;

    return name ? name : "unknown operation";
}

struct wire_reader plan_args(const struct plan_op *op)
{
    return wire_reader(op->args, op->length);
}

uint32_t plan_hook_stage(const struct plan_op *op)
{
    return wire_u32_at(op->args);
}

/* value of the argument at a place of the signature that is a u32 */
static uint32_t argument_u32(const struct plan_op *op, const char *signature, int place)
{
    struct wire_reader args = plan_args(op);

    for (int i = 0; i < place; i++) {
        if (signature[i] == 'i')
            wire_u32(&args);
        else if (signature[i] == 'l')
            wire_u64(&args);
        else if (signature[i] == 's')
            wire_string(&args);
        else if (signature[i] == 'b')
            wire_bytes(&args);
        else
            wire_list(&args);
    }
    return wire_u32(&args);
}

static int check_slot(struct check *check, const struct plan_op *op, const char *name,
                      unsigned rules, uint32_t slot)
{
    if (slot >= check->plan->total)
        return fail_plain(check->failure, EINVAL, "bad plan: %s: slot %u of %u", name, slot,
                          check->plan->total);
    if (rules & WRITES_SLOT) {
        if (check->filled[slot])
            return fail_plain(check->failure, EINVAL, "bad plan: %s: slot %u is filled twice",
                              name, slot);
        check->filled[slot] = true;
    } else if (!check->filled[slot]) {
        return fail_plain(check->failure, EINVAL, "bad plan: %s: slot %u is not filled", name,
                          slot);
    }
    if (op->code == OP_MOUNT_ATTR && (rules & READS_SLOT)) {
        uint32_t userns = argument_u32(op, kinds[op->code].signature, 5);

        if (userns != PLAN_NO_SLOT && (userns >= check->plan->total || !check->filled[userns]))
            return fail_plain(check->failure, EINVAL,
                              "bad plan: MOUNT_ATTR: user namespace slot %u", userns);
    }
    return 0;
}

/* encoding, flags, kind of plan */
static int check_form(struct check *check, const struct plan_op *op)
{
    const struct op_kind *kind = &kinds[op->code < OP_CODE_LIMIT ? op->code : 0];
    static const unsigned wanted_by[] = {
        [PLAN_CONTAINER] = CONTAINER, [PLAN_EXEC] = EXEC_PLAN, [PLAN_RUNTIME] = RUNTIME_PLAN};
    unsigned wanted = wanted_by[check->plan->kind];

    if (!kind->name)
        return fail_plain(check->failure, EINVAL, "bad plan: unknown operation %u", op->code);
    if (!wire_matches(op->args, op->length, kind->signature))
        return fail_plain(check->failure, EINVAL, "bad plan: %s: malformed arguments", kind->name);
    if ((op->flags & ~(OP_CLAMP | OP_OPTIONAL)) ||
        ((op->flags & OP_CLAMP) && !(kind->rules & CLAMPABLE)) ||
        ((op->flags & OP_OPTIONAL) && (kind->rules & MANDATORY)))
        return fail_plain(check->failure, EINVAL, "bad plan: %s: operation flags %u", kind->name,
                          op->flags);
    if (!(kind->rules & wanted))
        return fail_plain(check->failure, EINVAL, "bad plan: %s in a plan of kind %u", kind->name,
                          check->plan->kind);
    if (kind->flag_at >= 0 &&
        (argument_u32(op, kind->signature, kind->flag_at) & ~kind->flag_bits))
        return fail_plain(check->failure, EINVAL, "bad plan: %s: unknown flags", kind->name);
    if (kind->rules & (WRITES_SLOT | READS_SLOT))
        return check_slot(check, op, kind->name, kind->rules, wire_u32_at(op->args));
    return 0;
}

static bool plain_name(const char *name)
{
    return *name && !strchr(name, '/') && strlen(name) < PLAN_NAME_MAX;
}

/* a program by its path; files of the task directory by plain names, which start has none of */
static bool good_runtime(const struct plan_op *op)
{
    struct wire_reader args = plan_args(op);
    uint32_t stage = wire_u32(&args);
    const char *directory = wire_string(&args);
    struct wire_list argv = wire_list(&args);
    const char *program;
    const char *pid_file;
    const char *console;

    wire_list(&args);
    pid_file = wire_string(&args);
    console = wire_string(&args);
    program = argv.count > 0 ? wire_next(&argv) : "";
    if (*directory != '/' || *program != '/' || (*console && !plain_name(console)))
        return false;
    if (stage == RUNTIME_MAKE)
        return plain_name(pid_file);
    return stage == RUNTIME_START && !*pid_file && !*console;
}

/* values that the interpreters rely on */
static int check_values(struct check *check, const struct plan_op *op)
{
    struct wire_reader args = plan_args(op);
    uint64_t first = op->length >= 8 ? wire_u64(&args) : 0;
    bool good = true;

    if (op->code == OP_CLONE)
        good = !(first & ~(K_CLONE_NEWANY & ~(K_CLONE_NEWCGROUP | K_CLONE_NEWTIME)));
    else if (op->code == OP_ENTER || op->code == OP_UNSHARE)
        good = first != 0 && !(first & ~K_CLONE_NEWANY);
    else if (op->code == OP_CGROUP_ENTER)
        good = first >> 32 == 1 || first >> 32 == 2;
    else if (op->code == OP_PRESERVE)
        good = first >> 32 >= 3 && first >> 32 < 65536;
    else if (op->code == OP_CREDENTIALS)
        good = wire_bytes(&args).size % 4 == 0;
    else if (op->code == OP_SECCOMP)
        good = wire_u32_at(op->args + 4) % 8 == 0 && wire_u32_at(op->args + 4) > 0 &&
               wire_u32_at(op->args + 4) / 8 <= 4096;
    else if (op->code == OP_HOOK)
        good = plan_hook_stage(op) >= HOOK_PRESTART && plan_hook_stage(op) <= HOOK_POSTSTOP;
    else if (op->code == OP_RUNTIME)
        good = good_runtime(op);
    else if (op->code == OP_LABEL)
        good = (first & 0xffffffff) >= 1 && (first & 0xffffffff) <= 3;
    if (!good)
        return fail_plain(check->failure, EINVAL, "bad plan: %s: value out of range",
                          plan_op_name(op->code));
    return 0;
}

/* an operation that must come once, after another one */
static int mark(struct check *check, uint32_t *place, uint32_t index, uint32_t after)
{
    uint32_t none = check->plan->count;

    if (*place != none || after == none)
        return fail_plain(check->failure, EINVAL, "bad plan: %s stands out of order",
                          plan_op_name(check->plan->ops[index].code));
    *place = index;
    return 0;
}

static bool hook_in_place(const struct plan *plan, const struct plan_op *op)
{
    uint32_t none = plan->count;

    switch (plan_hook_stage(op)) {
    case HOOK_PRESTART:
    case HOOK_CREATE_RUNTIME:
        return plan->root != none && plan->park == none;
    case HOOK_CREATE_CONTAINER:
        return plan->root != none && plan->pivot == none;
    case HOOK_START_CONTAINER:
        return plan->park != none && plan->exec == none;
    default:
        return plan->exec != none;
    }
}

static int check_order(struct check *check, uint32_t index)
{
    struct plan *plan = check->plan;
    const struct plan_op *op = &plan->ops[index];
    unsigned rules = kinds[op->code].rules;
    bool forked = plan->fork != plan->count;
    bool good = forked ? (rules & AFTER) : (rules & BEFORE);

    if (plan->exec != plan->count && op->code != OP_HOOK)
        good = false;
    if (check->listener != (op->code == OP_SECCOMP &&
                            (wire_u32_at(op->args) & SECCOMP_NEW_LISTENER) != 0))
        good = false;
    check->listener = op->code == OP_SECCOMP_LISTENER;
    if (forked && (rules & NEEDS_ROOT) && plan->kind == PLAN_CONTAINER &&
        plan->root == plan->count)
        good = false;
    if (op->code == OP_HOOK && good)
        good = hook_in_place(plan, op);
    if (!good)
        return fail_plain(check->failure, EINVAL, "bad plan: %s stands out of order",
                          plan_op_name(op->code));
    switch (op->code) {
    case OP_CLONE:
    case OP_ENTER:
        return mark(check, &plan->fork, index, 0);
    case OP_ROOT:
        return mark(check, &plan->root, index, plan->fork);
    case OP_PIVOT:
        return mark(check, &plan->pivot, index, plan->root);
    case OP_PARK:
        plan->park_meets = check->monitor_pending;
        return mark(check, &plan->park, index, plan->pivot);
    case OP_BUNDLE_ROOT:
        return mark(check, &plan->root, index, 0);
    case OP_RUNTIME:
        if (wire_u32_at(op->args) == RUNTIME_MAKE)
            return mark(check, &plan->fork, index, 0);
        return mark(check, &plan->exec, index, plan->fork);
    case OP_EXEC:
        return mark(check, &plan->exec, index,
                    plan->kind == PLAN_CONTAINER ? plan->park : plan->fork);
    case OP_CGROUP_ENTER:
    case OP_ID_MAP:
    case OP_NET_DEVICE:
        check->monitor_pending = true;
        return 0;
    case OP_HOOK:
        if (plan_hook_stage(op) <= HOOK_CREATE_RUNTIME)
            check->monitor_pending = true;
        return 0;
    case OP_SYNC:
        check->monitor_pending = false;
        return 0;
    default:
        return 0;
    }
}

static int read_header(struct plan *plan, const uint8_t *data, size_t size,
                       struct failure *failure)
{
    if (size < HEADER_SIZE || wire_u32_at(data) != PLAN_MAGIC)
        return fail_plain(failure, EINVAL, "bad plan: not a launch plan");
    if (wire_u16_at(data + 4) != PLAN_VERSION)
        return fail_plain(failure, EPROTONOSUPPORT, "bad plan: version %u, known is %u",
                          wire_u16_at(data + 4), PLAN_VERSION);
    *plan = (struct plan){
        .kind = wire_u16_at(data + 6),
        .count = wire_u32_at(data + 12),
        .given = wire_u32_at(data + 16),
        .total = wire_u32_at(data + 20),
        .flags = wire_u32_at(data + 24),
    };
    plan->fork = plan->root = plan->pivot = plan->park = plan->exec = plan->count;
    if (size > PLAN_SIZE_MAX || wire_u32_at(data + 8) != size)
        return fail_plain(failure, EINVAL, "bad plan: length %u, got %zu, at most %u",
                          wire_u32_at(data + 8), size, PLAN_SIZE_MAX);
    if (plan->kind < PLAN_CONTAINER || plan->kind > PLAN_RUNTIME)
        return fail_plain(failure, EINVAL, "bad plan: kind %u", plan->kind);
    if (plan->count > PLAN_OPS_MAX)
        return fail_plain(failure, E2BIG, "bad plan: %u operations, at most %u", plan->count,
                          PLAN_OPS_MAX);
    if (plan->total > PLAN_SLOTS_MAX || plan->given > plan->total)
        return fail_plain(failure, EINVAL, "bad plan: %u slots given, %u total, at most %u",
                          plan->given, plan->total, PLAN_SLOTS_MAX);
    if ((plan->flags & ~(uint32_t)PLAN_KILL_REST) || wire_u32_at(data + 28) != 0)
        return fail_plain(failure, EINVAL, "bad plan: unknown plan flags");
    return 0;
}

static int read_ops(struct check *check, const uint8_t *at, const uint8_t *end, uint32_t *bad_op)
{
    struct plan *plan = check->plan;

    for (uint32_t i = 0; i < plan->count; i++) {
        struct plan_op *op = &plan->ops[i];
        int rc;

        *bad_op = i;
        if (end - at < 8 || wire_u32_at(at + 4) % 4 != 0 ||
            (size_t)(end - at) - 8 < wire_u32_at(at + 4))
            return fail_plain(check->failure, EINVAL, "bad plan: operation %u is cut off", i);
        *op = (struct plan_op){.code = wire_u16_at(at),
                               .flags = wire_u16_at(at + 2),
                               .args = at + 8,
                               .length = wire_u32_at(at + 4)};
        at += 8 + op->length;
        rc = check_form(check, op);
        if (rc == 0)
            rc = check_values(check, op);
        if (rc == 0)
            rc = check_order(check, i);
        if (rc < 0)
            return rc;
    }
    *bad_op = PLAN_NO_OP;
    if (at != end)
        return fail_plain(check->failure, EINVAL, "bad plan: bytes after the last operation");
    if (plan->kind == PLAN_RUNTIME && plan->fork == plan->count)
        return fail_plain(check->failure, EINVAL, "bad plan: no RUNTIME");
    if (plan->kind != PLAN_RUNTIME && plan->exec == plan->count)
        return fail_plain(check->failure, EINVAL, "bad plan: no EXEC");
    return 0;
}

int plan_read(struct plan *plan, const void *data, size_t size, uint32_t *bad_op,
              struct failure *failure)
{
    struct check check = {.plan = plan, .failure = failure};
    const uint8_t *bytes = data;
    int rc;

    *bad_op = PLAN_NO_OP;
    *plan = (struct plan){.ops = NULL};
    rc = read_header(plan, bytes, size, failure);
    if (rc < 0)
        return rc;
    plan->ops = calloc(plan->count + 1u, sizeof *plan->ops);
    if (!plan->ops)
        return fail(failure, ENOMEM, "cannot read plan");
    for (uint32_t i = 0; i < plan->given; i++)
        check.filled[i] = true;
    rc = read_ops(&check, bytes + HEADER_SIZE, bytes + size, bad_op);
    if (rc < 0)
        plan_free(plan);
    return rc;
}

void plan_free(struct plan *plan)
{
    free(plan->ops);
    plan->ops = NULL;
    plan->count = 0;
}
