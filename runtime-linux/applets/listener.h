/* SECCOMP_LISTENER: the listener of a filter goes to the agent that the configuration names. */
#ifndef FELUCCA_LISTENER_H
#define FELUCCA_LISTENER_H

#include "lib/failure.h"
#include "lib/plan.h"

#include <sys/types.h>

/*
 * op is the SECCOMP that made the listener, the operation before it the SECCOMP_LISTENER; fd is its
 * number in the table of the process, which is the pidfd of pid. 0 or -errno.
 */
int listener_send(const struct plan *plan, uint32_t op, int process, pid_t pid, int fd,
                  struct failure *failure);

#endif
