/* USER_NAMESPACE: a user namespace that is nothing but a mapping of ids. */
#ifndef FELUCCA_USERNS_H
#define FELUCCA_USERNS_H

#include "lib/failure.h"
#include "lib/plan.h"

/* makes it and puts its descriptor into the operation's slot; 0 or -errno */
int userns_make(const struct plan_op *op, int *slots, struct failure *failure);

#endif
