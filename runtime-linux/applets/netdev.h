/* NET_DEVICE: a network device of the host becomes the container's. */
#ifndef FELUCCA_NETDEV_H
#define FELUCCA_NETDEV_H

#include "lib/failure.h"
#include "lib/plan.h"

#include <sys/types.h>

/* moves the device to the network namespace of the process owner; 0 or -errno */
int netdev_move(const struct plan_op *op, pid_t owner, struct failure *failure);

#endif
