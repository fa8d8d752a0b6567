/*
 * felucca-oci: runc's command line over launch plans (docs/guide/felucca-oci.md).
 *
 *   caller --> felucca-oci --facts--> plan compiler (JVM, lives on)
 *                   | <------ plan + cgroups + state document
 *                   +--clone--> init (init.c), executes the plan and then the program
 *
 * Nothing of felucca-oci stays beside a container: init becomes the child of the caller's
 * subreaper, and what later commands need lies in ROOT/ID (state.h).
 */
#ifndef FELUCCA_OCI_H
#define FELUCCA_OCI_H

#include "lib/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* options before the command */
struct globals {
    const char *root;
    const char *log;
    const char *log_format;
    const char *rootless; /* runc's tri-state, accepted: what is allowed decides */
    const char *criu;     /* accepted as runc does: criu is found in PATH */
    bool systemd_cgroup;
    bool debug;
    bool help;
    bool version;
};

extern struct globals globals;

/* where this program is installed: its directory's parent */
const char *oci_home(void);

/* --- report.c: one failure a process, and where messages go */

/* notes what went wrong and returns -1 */
int say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* the same with ": reason of err" */
int say_errno(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* puts words before what was noted */
int say_before(const char *words);
const char *said(void);
void report_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* writes what was noted to stderr and to --log */
void report_failure(void);

/* --- options.c */

struct strings {
    const char **items;
    size_t count;
};

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LIST };

struct option {
    const char *names; /* "bundle,b" */
    enum option_kind kind;
    void *target; /* bool, const char *, struct strings; NULL: accepted and passed over */
};

/*
 * Reads options up to the first operand ("--" ends them), both -name and --name, value after a
 * space or '='. Returns the index of the first operand, or -1 with a failure noted.
 */
int options_read(const struct option *options, int argc, char **argv);

/* the one operand of a command that takes one; NULL with a failure noted */
const char *options_id(int argc, char **argv, int at, int most);

/* --- commands: argv[0] is the command's name; the result is the exit status */

typedef int command(int argc, char **argv);

command command_create;
command command_run;
command command_start;
command command_exec;
command command_kill;
command command_delete;
command command_state;
command command_list;
command command_ps;
command command_pause;
command command_resume;
command command_update;
command command_events;
command command_spec;
command command_features;
command command_checkpoint;
command command_restore;

#endif
