/* Operations on detached mounts in slots; run by the monitor before CLONE and by init after it. */
#ifndef FELUCCA_MOUNTS_H
#define FELUCCA_MOUNTS_H

#include "failure.h"
#include "plan.h"

/* where such an operation works: root is -1 on the host */
struct mounts {
    int *slots;
    int root;
    int proc; /* the plan's own procfs, once FS_MOUNT has made it; the slot owns it */
};

/* OPEN_TREE, MOUNT_ATTR, FS_MOUNT, CHECK_NODE; 0 or -errno */
int mounts_run(struct mounts *mounts, const struct plan_op *op, struct failure *failure);

/* makes a detached mount of a file system; options as in FS_MOUNT; a descriptor or -errno */
int mounts_make(const char *fstype, const char *source, struct wire_list options, uint64_t attrs,
                struct failure *failure);

#endif
