/* The other side of a container's terminal, and waiting for a process in the foreground. */
#ifndef FELUCCA_OCI_CONSOLE_H
#define FELUCCA_OCI_CONSOLE_H

#include "oci.h"

/* sends the master over the socket at path, as runc does; -1 with a failure noted */
int console_send(const char *path, int master);
/* size of the caller's terminal; 0, 0 when there is none */
void console_size(uint32_t *rows, uint32_t *columns);
/* blocks what is to be forwarded; before the process is made, so that nothing is missed */
void foreground_begin(void);
/*
 * Stays until the process ends: forwards signals, and with a master (else -1) the terminal.
 * Returns its exit status, 128 + n after signal n; -1 with a failure noted.
 */
int foreground_wait(pid_t pid, int master);

#endif
