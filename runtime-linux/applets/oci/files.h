/* Small files of the caller: read whole, written so that nobody sees half of one. */
#ifndef FELUCCA_OCI_FILES_H
#define FELUCCA_OCI_FILES_H

#include <stddef.h>
#include <sys/types.h>

/* allocated, NUL behind the end; NULL with errno set; "-" is stdin */
char *file_read(const char *path, size_t *size);
/* the lines of /proc/self/mountinfo about cgroups, allocated; NULL with errno set */
char *file_cgroup_mounts(void);
/* -1 with a failure noted */
int file_write_pid(const char *path, pid_t pid);
/* an absolute path without the links, allocated; NULL with errno set */
char *file_real(const char *path);

#endif
