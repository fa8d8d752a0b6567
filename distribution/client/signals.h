/* Signals as something to read: those that are passed on, or end the client. */
#ifndef FELUCCA_SIGNALS_H
#define FELUCCA_SIGNALS_H

/*
 * From now on signals are read with signals_next, and SIGPIPE is ignored; a descriptor to poll, or
 * -1 with errno. Faults and job control keep their meaning, and so does what nohup ignores.
 */
int signals_open(void);

/* the next signal, or 0 when there is none */
int signals_next(int fd);

/* ends the client by a signal, as if it had never been taken */
_Noreturn void signals_die(int signal);

#endif
