/* What the double exports for tests, and Windows does not. */
#ifndef KNOBS_H
#define KNOBS_H

#include "wintypes.h"

/* Has the next call of a function fail; when is an enum dbl_when; document may be NULL. */
void DoubleFail(PCWSTR function, DWORD when, HRESULT result, PCWSTR document);
/* How many injected faults have not been met. */
int DoubleFaults(void);
/* What callers did wrong since the last call, a line each; on LocalAlloc's heap. */
PWSTR DoubleMisuses(void);
/* How many handles are open and how many blocks of memory are the caller's. */
int DoubleOpen(void);

#endif
