/* What ends a container, shared by the commands that do. */
#ifndef FELUCCA_OCI_LIFECYCLE_H
#define FELUCCA_OCI_LIFECYCLE_H

#include "launch.h"
#include "state.h"

/* kills what is left, removes cgroups, runs poststop hooks, forgets the container */
int container_destroy(struct container *container);

/* create.c: the cgroups that an answer names */
int answer_places(struct wire_reader *in, struct container *container);
/* create.c: warnings, origins and the plan, which end the answers of create and exec */
int answer_plan(struct wire_reader *in, struct launch *launch, struct wire_bytes *plan);

#endif
