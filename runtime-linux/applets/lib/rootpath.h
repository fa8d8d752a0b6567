/*
 * Paths inside a container's root. Every path is resolved by openat2 with RESOLVE_IN_ROOT and
 * RESOLVE_NO_MAGICLINKS and used through the descriptor afterwards, so that no symbolic link of an
 * image leads out of it (CVE-2019-19921, CVE-2021-30465, CVE-2025-31133 and their like).
 */
#ifndef FELUCCA_ROOTPATH_H
#define FELUCCA_ROOTPATH_H

#include "failure.h"

#include <stdint.h>

/* opens path below root; flags as open(2), O_CLOEXEC is added; returns a descriptor or -errno */
int rootpath_open(int root, const char *path, uint64_t flags);

/*
 * Opens the directory that holds path (O_PATH), making missing ones with mode 0755, and points
 * *name at the last component in path, which is never "", "." or "..".
 */
int rootpath_parent(int root, const char *path, const char **name, struct failure *failure);

/* opens path as O_PATH; a missing one is made as directory or empty file; 'f' or 'd' */
int rootpath_target(int root, const char *path, char make, uint64_t flags,
                    struct failure *failure);

#endif
