/* The first message: who calls from where, and what was typed. */
#ifndef FELUCCA_HELLO_H
#define FELUCCA_HELLO_H

/* sends HELLO with passed beside it; blocking; 0 or -errno (E2BIG: more than 4 MiB) */
int hello_send(int fd, int passed, const char *namespace, char **arguments, char **environment);

#endif
