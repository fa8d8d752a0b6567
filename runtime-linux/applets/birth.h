/*
 * The birth of a container's process: what its two makers, the monitor and felucca-oci, do alike.
 * The process itself is init's work; here is how it comes into being, and what is done to it from
 * outside. No state of its own.
 */
#ifndef FELUCCA_BIRTH_H
#define FELUCCA_BIRTH_H

#include "init.h"
#include "lib/failure.h"
#include "lib/plan.h"

/* everything that init needs and would have to allocate; 0 or -ENOMEM */
int birth_prepare(struct init *init, const struct plan *plan, int *slots);

/* OPEN: a host path into its slot */
int birth_open(const struct plan_op *op, int *slots, struct failure *failure);

/* the CLONE_NEW* of a CLONE or ENTER */
uint64_t birth_namespaces(const struct plan_op *op);

/* pid and user namespaces are joined by a helper that then clones inside them */
bool birth_needs_helper(const struct plan *plan);

/* in the new process or the helper: tells the maker, and ends */
_Noreturn void birth_failed(struct init *init, uint32_t op, int err, const char *text);

/* in the new process: joins what is not joined yet, and is init from then on */
_Noreturn void birth_run(struct init *init, bool joined);

/* in the helper, whose cgroups are entered: enters namespaces, for an exec those of container, a
 * pidfd, and makes init as its sibling: a child of the maker */
_Noreturn void birth_help(struct init *init, int container);

/* ID_MAP of the process pid */
int birth_id_map(const struct plan_op *op, pid_t pid, struct failure *failure);

/* OOM_SCORE_ADJ of the process pid; 1: not permitted and passed over, which is to be said */
int birth_oom_score_adj(const struct plan_op *op, pid_t pid, struct failure *failure);

/* the host's uid of one of the process's user namespace; 0 or -errno */
int birth_host_uid(pid_t pid, uint32_t inside, uint32_t *outside);

#endif
