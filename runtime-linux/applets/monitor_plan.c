/*
 * The first half of a launch: the plan is read, and what stands before CLONE or ENTER is run with
 * the host's mount table and credentials.
 */
#define _GNU_SOURCE
#include "monitor_launch.h"

#include "birth.h"
#include "lib/fd.h"
#include "lib/mounts.h"
#include "userns.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* the plan in memory of its own, which goes back whole when the launch is over */
static int load_plan(struct launch *launch, const struct launch_order *order)
{
    size_t size = order->plan.size;
    struct stat st;

    if (order->plan_fd >= 0) {
        if (fstat(order->plan_fd, &st) < 0)
            return fail(&launch->failure, errno, "cannot read plan");
        if (st.st_size > (off_t)PLAN_SIZE_MAX)
            return fail_plain(&launch->failure, E2BIG, "bad plan: more than %u bytes",
                              PLAN_SIZE_MAX);
        size = (size_t)st.st_size;
    }
    if (size == 0)
        return fail_plain(&launch->failure, EINVAL, "bad plan: empty");
    launch->bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (launch->bytes == MAP_FAILED) {
        launch->bytes = NULL;
        return fail(&launch->failure, errno, "cannot read plan");
    }
    launch->size = size;
    if (order->plan_fd < 0)
        memcpy(launch->bytes, order->plan.data, size);
    else if (pread(order->plan_fd, launch->bytes, size, 0) != (ssize_t)size)
        return fail_plain(&launch->failure, EIO, "cannot read plan: short read");
    return 0;
}

int launch_read_plan(struct launch *launch, const struct launch_order *order)
{
    uint32_t bad = PLAN_NO_OP;
    int rc = load_plan(launch, order);

    if (rc == 0)
        rc = plan_read(&launch->plan, launch->bytes, launch->size, &bad, &launch->failure);
    if (rc == 0 && launch->plan.kind != PLAN_RUNTIME && launch->plan.kind != order->kind)
        rc = fail_plain(&launch->failure, EINVAL, "bad plan: kind %u", launch->plan.kind);
    if (rc == 0 && launch->plan.given != order->slot_count)
        rc = fail_plain(&launch->failure, EINVAL, "bad plan: %u slots given, %u descriptors came",
                        launch->plan.given, order->slot_count);
    if (rc < 0)
        launch->where = (struct op_error){.op = bad, .err = -rc};
    return rc;
}

static int note_cgroup(struct launch *launch, const struct plan_op *op)
{
    struct wire_reader args = plan_args(op);
    struct cgroup *cgroup = &launch->cgroups[launch->cgroup_count];

    if (launch->cgroup_count == CGROUPS_MAX)
        return fail_plain(&launch->failure, E2BIG, "more than %d cgroups", CGROUPS_MAX);
    cgroup->fd = launch->slots[wire_u32(&args)];
    cgroup->version = wire_u32(&args);
    cgroup->flags = wire_u32(&args);
    launch->cgroup_count++;
    return 0;
}

/* one operation before CLONE or ENTER */
static int host_op(struct launch *launch, struct mounts *mounts, const struct plan_op *op)
{
    switch (op->code) {
    case OP_OPEN:
        return birth_open(op, launch->slots, &launch->failure);
    case OP_CGROUP_ENTER:
        return note_cgroup(launch, op);
    case OP_USER_NAMESPACE:
        return userns_make(op, launch->slots, &launch->failure);
    case OP_JOIN:
    case OP_BUNDLE_ROOT:
    case OP_HIDE:
        return 0; /* the new process does it */
    default:
        return mounts_run(mounts, op, &launch->failure);
    }
}

int launch_run_host_ops(struct launch *launch)
{
    struct mounts mounts = {.slots = launch->slots, .root = -1, .proc = -1};

    for (uint32_t i = 0; i < launch->plan.fork; i++) {
        const struct plan_op *op = &launch->plan.ops[i];
        int rc = host_op(launch, &mounts, op);

        if (rc < 0 && (op->flags & OP_OPTIONAL)) {
            launch_warn(launch, i, -rc, launch->failure.text);
        } else if (rc < 0) {
            launch_set_failed(launch, i, -rc, launch->failure.text);
            return rc;
        }
    }
    launch->init.mounts.proc = mounts.proc;
    return 0;
}
