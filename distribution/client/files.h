/* Files that the daemon asks for: only those that the user named. */
#ifndef FELUCCA_FILES_H
#define FELUCCA_FILES_H

#include <stddef.h>

/* opens path for reading; a descriptor, or -errno: EACCES if no argument names it */
int files_open(const char *path, size_t size, char **arguments);

#endif
