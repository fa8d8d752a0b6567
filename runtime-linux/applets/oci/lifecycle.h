/* What ends a container, shared by the commands that do. */
#ifndef FELUCCA_OCI_LIFECYCLE_H
#define FELUCCA_OCI_LIFECYCLE_H

#include "launch.h"
#include "state.h"

/* kills what is left, removes cgroups, runs poststop hooks, forgets the container */
int container_destroy(struct container *container);

#define INHERITED_MAX 1024

/* descriptors from 3 on that the caller hands on to the program */
struct inherited {
    int count;
    int listen; /* those of them that LISTEN_FDS tells of */
};

/* create.c: by --preserve-fds (or NULL) and LISTEN_FDS; closes the others; -1 with a failure noted */
int take_inherited(struct inherited *inherited, const char *preserve);
/* create.c: the cgroups that an answer names */
int answer_places(struct wire_reader *in, struct container *container);
/* create.c: warnings, origins and the plan, which end the answers of create and exec */
int answer_plan(struct wire_reader *in, struct launch *launch, struct wire_bytes *plan);

#endif
