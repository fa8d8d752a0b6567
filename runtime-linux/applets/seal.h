/* The sealed copy of a program that enters containers. */
#ifndef FELUCCA_SEAL_H
#define FELUCCA_SEAL_H

#include "lib/failure.h"

/* continues from a sealed memory file; returns 0 there, -errno when that cannot be */
int seal_self(char **argv, struct failure *failure);

#endif
