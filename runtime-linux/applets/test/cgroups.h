/* Cgroups for tests: one directory per v1 controller, or one of v2, under the root of each. */
#ifndef FELUCCA_TEST_CGROUPS_H
#define FELUCCA_TEST_CGROUPS_H

#include <stdint.h>

#define CGROUPS_LIMIT 12

struct cgroups {
    uint32_t version;
    int count;
    char mount[CGROUPS_LIMIT][64]; /* memory first */
    char name[64];
};

/* finds what this host has; returns the number of directories a container gets */
int cgroups_count(struct cgroups *cgroups);
/* makes them and opens each, in order */
void cgroups_make(struct cgroups *cgroups, int *fds);
void cgroups_remove(struct cgroups *cgroups);
void cgroups_write(const struct cgroups *cgroups, const char *file, const char *text);

#endif
