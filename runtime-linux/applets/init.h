/*
 * Init: the interpreter of a launch plan inside the new process, from the operation after CLONE or
 * ENTER up to EXEC. It decides nothing, parses no path and allocates nothing it can avoid: the
 * monitor has validated the plan and prepared what init needs before the clone.
 */
#ifndef FELUCCA_INIT_H
#define FELUCCA_INIT_H

#include "lib/failure.h"
#include "lib/mounts.h"
#include "lib/plan.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct init {
    const struct plan *plan;
    struct mounts mounts;
    int sync;
    int stdio[3];    /* what becomes 0, 1, 2: pipes, or the console three times */
    bool console;    /* stdio is a terminal that becomes the controlling one */
    bool autostart;
    bool cwd_entered; /* a CWD that might have met EACCES did not: the second is passed over */
    bool files_limited; /* the plan has set RLIMIT_NOFILE */
    bool ready;      /* EXECING was sent: only SECCOMP and EXEC remain */
    bool orphan;     /* nobody stays beside the process: it outlives its maker */
    bool no_pivot;   /* the root is moved and chroot used: pivot_root refuses an initramfs */
    int start;       /* a listening socket on which PARK awaits its START; -1: the monitor's GO */
    int inherited;   /* so many descriptors from 3 on are the program's */
    pid_t host_pid;  /* pid as the host sees it; 0 until the first SYNC */
    int own_proc;    /* a procfs made here when the plan has none; -1 */
    char **argv;
    char **env;
    uint32_t op;     /* index of the operation that runs */
    struct failure failure;
};

/* walks the plan from operation first on; never returns */
_Noreturn void init_run(struct init *init, uint32_t first);

/* reports set-up failure and ends */
_Noreturn void init_fail(struct init *init, int err);

/* reports what could not be done exactly */
void init_warn(struct init *init, int err, const char *text);

/* barrier with the monitor; fills host_pid */
int init_meet(struct init *init);

/*
 * hands a seccomp listener to the monitor, with no other calls than read and write: the filter
 * that made it is in force already
 */
int init_hand_listener(struct init *init, int fd);

/* has the monitor run the current operation with the host's credentials */
int init_ask(struct init *init);

/* a procfs that only init has: the descriptor stays init's; -errno when there is none */
int init_proc(struct init *init);

/* opens a file below that procfs, crossing no mount and no link */
int init_open_proc(struct init *init, const char *path, int flags);

typedef int init_op(struct init *init, struct wire_reader *args);

/* init_root.c */
init_op init_propagation;
init_op init_attach_root;
init_op init_pivot;
init_op init_attach;
init_op init_path_attr;

/* init_nodes.c */
init_op init_mkdir;
init_op init_symlink;
init_op init_mknod;

/* init_cover.c */
init_op init_mask;
init_op init_readonly;

/* init_copyup.c */
init_op init_copy_up;

/* init_console.c */
init_op init_make_console;

/* init_host.c: what is named per namespace */
init_op init_unshare;
init_op init_root_ids;
init_op init_hostname;
init_op init_domainname;
init_op init_loopback_up;
init_op init_sysctl;
init_op init_time_offsets;

/* init_process.c */
init_op init_rlimit;
init_op init_oom_score_adj;
init_op init_umask;
init_op init_cwd;
init_op init_personality;
init_op init_scheduler;
init_op init_io_priority;
init_op init_cpu_affinity;
init_op init_label;
init_op init_no_new_privs;
init_op init_seccomp;
init_op init_keyring;
init_op init_memory_policy;

/* init_credentials.c */
init_op init_credentials;

/* init_exec.c */
init_op init_preserve;
init_op init_exec;

/* stdio in place, descriptors closed, parent watched, EXECING sent; does nothing when done */
int init_make_ready(struct init *init);

/* the streams as 0, 1, 2; may be called again */
int init_place_stdio(struct init *init);

/* before PARK, in the container's root: whether there is a program, so that create can refuse */
int init_check_program(struct init *init);

/* init_reaper.c: stays as pid 1; returns in the child that executes the program */
void init_stay_as_reaper(struct init *init);

#endif
