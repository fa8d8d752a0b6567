/* From HELLO to the exit status: everything that happens while a command runs. */
#ifndef FELUCCA_SESSION_H
#define FELUCCA_SESSION_H

/*
 * Serves both connections, which it takes over, until the command has ended, and returns the
 * status to exit with. The terminal is restored. arguments are what HELLO carried: only files named
 * there are opened for the daemon.
 */
int session_run(int daemon_fd, int container_fd, char **arguments);

#endif
