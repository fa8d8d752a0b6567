/* The container's cgroups, made and used with this process's rights and mount table. */
#ifndef FELUCCA_OCI_CGROUP_H
#define FELUCCA_OCI_CGROUP_H

#include "state.h"

/* --- cgroup.c */

/*
 * Makes every place and what is missing above. One that others use is refused; the container then
 * has only the places before it.
 */
int cgroup_make(struct container *container);
int cgroup_make_place(const struct place *place);
/* moves a process; one that has ended is no failure */
int cgroup_move(const struct place *place, pid_t pid);
/* opens all places, in order, into fds */
int cgroup_open(const struct container *container, int *fds);
/* the place whose files hold this controller's */
const struct place *cgroup_place(const struct container *container, const char *controller);
int cgroup_path(const struct place *place, char *to, size_t size);
/* whether a list separated by spaces has the word */
bool cgroup_has_word(const char *list, const char *word);

/* --- cgroup_limits.c */

/* writes settings: u32 count, then controller, file, value, pointer each */
int cgroup_apply(const struct container *container, struct wire_reader *settings);
/* attaches a device program to the place of version 2; returns 1 when the kernel takes none */
int cgroup_attach_program(const struct container *container, struct wire_bytes program);
/* the number in a file of the place; -1 where there is none */
long long cgroup_number(const struct place *place, const char *file);

/* --- cgroup_freeze.c */

bool cgroup_frozen(const struct container *container);
int cgroup_freeze(const struct container *container, bool freeze);

/* --- cgroup_processes.c */

struct cgroup_pids {
    pid_t *items; /* allocated */
    int count;
    int room;
};

/* adds those of the place and all below it; 0 or -errno */
int cgroup_collect(const struct place *place, struct cgroup_pids *pids);
/* whether a process is in the place or in one below, or nobody can tell */
bool cgroup_in_use(const struct place *place);
/* all processes, allocated; -1 with a failure noted */
int cgroup_processes(const struct container *container, pid_t **pids);
/* kills what is left and removes the directories */
int cgroup_remove(const struct container *container);

/* --- cgroup_leave.c */

/* moves this process out of the caller's cgroups; true with the directory it made, if it did */
bool cgroup_leave_callers(char *made, size_t size);

#endif
