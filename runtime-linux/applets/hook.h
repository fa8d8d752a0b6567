/* Hooks (docs/spec/launch-plan.md, section 6), run by the monitor or by init in their namespaces. */
#ifndef FELUCCA_HOOK_H
#define FELUCCA_HOOK_H

#include "lib/failure.h"
#include "lib/plan.h"

#include <sys/types.h>

/* runs the HOOK operation to its end; pid fills the hole of the state document */
int hook_run(const struct plan_op *op, pid_t pid, struct failure *failure);

/* a state document with its holes filled, the caller's to free; NULL: no memory */
char *hook_fill_state(const char *state, pid_t pid, const char *status);

#endif
