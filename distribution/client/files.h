/* Files that the daemon asks for, to read or to make: only those that the user named. */
#ifndef FELUCCA_FILES_H
#define FELUCCA_FILES_H

#include <stddef.h>

/* opens path for reading; a descriptor, or -errno: EACCES if no argument names it */
int files_open(const char *path, size_t size, char **arguments);

/*
 * Makes a file that gets the name path at files_keep, in place of a regular file that has it. A
 * descriptor, or -errno: EACCES if no argument names it, EEXIST if something else than a file is
 * there, EMFILE if there are too many.
 */
int files_create(const char *path, size_t size, char **arguments);

/* gives the files that were made their names; 0, or -errno of the first that could not get its own,
 * whose name is *path then */
int files_keep(const char **path);

/* removes the files that were made and not kept; safe to call at any time */
void files_discard(void);

#endif
