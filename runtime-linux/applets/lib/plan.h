/*
 * The launch plan (docs/spec/launch-plan.md): reader and validator.
 *
 * plan_read checks everything that can be checked without running anything; the interpreters
 * (monitor, init) rely on it and read arguments without asking again.
 */
#ifndef FELUCCA_PLAN_H
#define FELUCCA_PLAN_H

#include "failure.h"
#include "wire.h"

#include <stdbool.h>
#include <stdint.h>

#define PLAN_SIZE_MAX (1u << 20)
#define PLAN_OPS_MAX 4096u
#define PLAN_SLOTS_MAX 192u
#define PLAN_NAME_MAX 80u
#define PLAN_NO_SLOT 0xffffffffu
#define PLAN_NO_OP 0xffffffffu

enum plan_kind { PLAN_CONTAINER = 1, PLAN_EXEC = 2, PLAN_RUNTIME = 3 };

enum { PLAN_KILL_REST = 1 };

enum op_code {
    OP_OPEN_TREE = 1,
    OP_OPEN = 2,
    OP_MOUNT_ATTR = 3,
    OP_FS_MOUNT = 4,
    OP_CHECK_NODE = 5,
    OP_USER_NAMESPACE = 6,
    OP_NET_DEVICE = 7,
    OP_JOIN = 16,
    OP_CGROUP_ENTER = 17,
    OP_CLONE = 18,
    OP_ENTER = 19,
    OP_ID_MAP = 20,
    OP_ROOT_IDS = 21,
    OP_UNSHARE = 22,
    OP_SYNC = 23,
    OP_PARK = 24,
    OP_HOSTNAME = 25,
    OP_DOMAINNAME = 26,
    OP_LOOPBACK_UP = 27,
    OP_SYSCTL = 28,
    OP_TIME_OFFSETS = 29,
    OP_HOOK = 30,
    OP_KEYRING = 31,
    OP_PROPAGATION = 32,
    OP_ROOT = 33,
    OP_PIVOT = 34,
    OP_ATTACH = 35,
    OP_PATH_ATTR = 36,
    OP_MKDIR = 37,
    OP_SYMLINK = 38,
    OP_MKNOD = 39,
    OP_MASK = 40,
    OP_READONLY = 41,
    OP_COPY_UP = 42,
    OP_CONSOLE = 43,
    OP_RLIMIT = 64,
    OP_OOM_SCORE_ADJ = 65,
    OP_UMASK = 66,
    OP_CWD = 67,
    OP_PERSONALITY = 68,
    OP_SCHEDULER = 69,
    OP_IO_PRIORITY = 70,
    OP_CPU_AFFINITY = 71,
    OP_LABEL = 72,
    OP_NO_NEW_PRIVS = 73,
    OP_SECCOMP = 74,
    OP_CREDENTIALS = 75,
    OP_PRESERVE = 76,
    OP_EXEC = 77,
    OP_MEMORY_POLICY = 78,
    OP_SECCOMP_LISTENER = 79,
    OP_BUNDLE_ROOT = 80,
    OP_HIDE = 81,
    OP_RUNTIME = 82,
    OP_CODE_LIMIT = 96
};

enum { OP_CLAMP = 1, OP_OPTIONAL = 2 };
enum { TREE_RECURSIVE = 1, TREE_NOFOLLOW = 2 };
enum { ATTR_RECURSIVE = 1 };
enum { ATTACH_CREATE_DIR = 1, ATTACH_CREATE_FILE = 2, ATTACH_NOFOLLOW = 4 };
enum { CGROUP_MEMORY = 1, CGROUP_KILL = 2 };
enum { ID_MAP_DENY_SETGROUPS = 1 };
enum { CONSOLE_BIND = 1 };
enum { CWD_CREATE = 1, CWD_EACCES_OK = 2 };
enum { CREDENTIALS_KEEP_GROUPS = 1 };
enum { SECCOMP_NEW_LISTENER = 8 };
enum { EXEC_REAPER = 1, EXEC_LISTEN_PID = 2 };

enum hook_stage {
    HOOK_PRESTART = 1,
    HOOK_CREATE_RUNTIME = 2,
    HOOK_CREATE_CONTAINER = 3,
    HOOK_START_CONTAINER = 4,
    HOOK_POSTSTART = 5,
    HOOK_POSTSTOP = 6
};

enum { RUNTIME_MAKE = 1, RUNTIME_START = 2 };

struct plan_op {
    uint16_t code;
    uint16_t flags;
    const uint8_t *args;
    uint32_t length;
};

struct plan {
    enum plan_kind kind;
    uint32_t flags;
    uint32_t given;
    uint32_t total;
    uint32_t count;
    uint32_t fork;  /* index of CLONE or ENTER; of RUNTIME make in a runtime plan */
    uint32_t root;  /* index of ROOT or BUNDLE_ROOT; count without one */
    uint32_t pivot; /* index of PIVOT; count in an exec plan */
    uint32_t park;  /* index of PARK; count in an exec plan */
    uint32_t exec;  /* index of EXEC; of RUNTIME start in a runtime plan, count without one */
    bool park_meets; /* the monitor has work before PARK that no SYNC has completed */
    struct plan_op *ops;
};

/*
 * Reads and validates the plan in data, which must stay as it is while the plan is used.
 * On failure *bad_op is the index of the offending operation, or PLAN_NO_OP.
 */
int plan_read(struct plan *plan, const void *data, size_t size, uint32_t *bad_op,
              struct failure *failure);
void plan_free(struct plan *plan);

/* the operation's name, for messages */
const char *plan_op_name(uint16_t code);

/* stage of a HOOK */
uint32_t plan_hook_stage(const struct plan_op *op);

/* a reader at the operation's first argument */
struct wire_reader plan_args(const struct plan_op *op);

#endif
