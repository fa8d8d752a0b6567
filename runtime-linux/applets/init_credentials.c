/*
 * CREDENTIALS: who the program is, in the one order that works:
 *
 *   bounding set    needs CAP_SETPCAP, which the later steps may take away
 *   stdio owner     needs CAP_CHOWN; a program that is not root may then reopen /dev/stdout
 *   groups, gid     need CAP_SETGID
 *   uid             drops the capabilities unless keepcaps is set
 *   capset          the exact sets
 *   ambient         only what is permitted and inheritable by now
 */
#define _GNU_SOURCE
#include "init.h"
#include "lib/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CAPS_MAX 64

struct credentials {
    uint32_t uid;
    uint32_t gid;
    struct wire_bytes groups;
    uint64_t bounding;
    struct k_caps caps;
    uint64_t ambient;
    uint32_t flags;
};

static struct credentials read_credentials(struct wire_reader *args)
{
    struct credentials c = {.uid = wire_u32(args)};

    c.gid = wire_u32(args);
    c.groups = wire_bytes(args);
    c.bounding = wire_u64(args);
    c.caps.permitted = wire_u64(args);
    c.caps.effective = wire_u64(args);
    c.caps.inheritable = wire_u64(args);
    c.ambient = wire_u64(args);
    c.flags = wire_u32(args);
    return c;
}

/* takes out of all sets what this process could not grant, and says so */
static int clamp_capabilities(struct init *init, struct credentials *c)
{
    uint64_t wanted = c->caps.permitted | c->caps.effective | c->caps.inheritable | c->ambient |
                      c->bounding;
    struct k_caps own;
    uint64_t lost = 0;
    char text[96];
    int rc = k_capget(&own);

    if (rc < 0)
        return fail(&init->failure, -rc, "cannot read capabilities");
    for (int i = 0; i < CAPS_MAX; i++) {
        uint64_t bit = 1ull << i;

        if ((wanted & bit) &&
            (!(own.permitted & bit) || prctl(PR_CAPBSET_READ, i, 0, 0, 0) != 1))
            lost |= bit;
    }
    if (lost == 0)
        return 0;
    c->bounding &= ~lost;
    c->caps.permitted &= ~lost;
    c->caps.effective &= ~lost;
    c->caps.inheritable &= ~lost;
    c->ambient &= ~lost;
    snprintf(text, sizeof text, "capabilities %#llx cannot be granted here",
             (unsigned long long)lost);
    init_warn(init, EPERM, text);
    return 0;
}

static int drop_bounding(struct init *init, uint64_t keep)
{
    for (int i = 0; i < CAPS_MAX; i++) {
        if (keep >> i & 1)
            continue;
        if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0)
            continue;
        if (errno == EINVAL)
            return 0; /* one past the last capability of this kernel */
        return fail(&init->failure, errno, "cannot drop capability %d", i);
    }
    return 0;
}

static int own_stdio(struct init *init, uid_t uid)
{
    struct stat st;

    for (int i = 0; i < 3; i++) {
        if (init->console || fstat(init->stdio[i], &st) < 0 || !S_ISFIFO(st.st_mode))
            continue;
        if (st.st_uid == uid || fchown(init->stdio[i], uid, (gid_t)-1) == 0)
            continue;
        if (errno == EPERM)
            return init_ask(init);
        return fail(&init->failure, errno, "cannot give stream %d to uid %u", i, uid);
    }
    return 0;
}

static int set_ids(struct init *init, const struct credentials *c)
{
    size_t count = c->groups.size / 4;

    /* keepcaps: the sets are cut down by capset afterwards, not by the change of uid */
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
        return fail(&init->failure, errno, "cannot keep capabilities");
    if (!(c->flags & CREDENTIALS_KEEP_GROUPS) &&
        syscall(SYS_setgroups, count, c->groups.data) < 0)
        return fail(&init->failure, errno, "cannot set %zu groups", count);
    if (syscall(SYS_setresgid, c->gid, c->gid, c->gid) < 0)
        return fail(&init->failure, errno, "cannot set gid %u", c->gid);
    if (syscall(SYS_setresuid, c->uid, c->uid, c->uid) < 0)
        return fail(&init->failure, errno, "cannot set uid %u", c->uid);
    if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
        return fail(&init->failure, errno, "cannot stop keeping capabilities");
    return 0;
}

static int set_ambient(struct init *init, uint64_t ambient)
{
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return fail(&init->failure, errno, "cannot clear ambient capabilities");
    for (int i = 0; i < CAPS_MAX; i++)
        if ((ambient >> i & 1) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) < 0)
            return fail(&init->failure, errno, "cannot raise ambient capability %d", i);
    return 0;
}

int init_credentials(struct init *init, struct wire_reader *args)
{
    struct credentials c = read_credentials(args);
    int rc = 0;

    if (init->plan->ops[init->op].flags & OP_CLAMP)
        rc = clamp_capabilities(init, &c);
    if (rc == 0)
        rc = drop_bounding(init, c.bounding);
    if (rc == 0)
        rc = own_stdio(init, c.uid);
    if (rc == 0)
        rc = set_ids(init, &c);
    if (rc < 0)
        return rc;
    rc = k_capset(&c.caps);
    if (rc < 0)
        return fail(&init->failure, -rc, "cannot set capabilities %#llx",
                    (unsigned long long)c.caps.permitted);
    return set_ambient(init, c.ambient);
}
