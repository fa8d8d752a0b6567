/* The terminal the client was started from: raw mode and hidden input, restored on every way out, and its size. */
#ifndef FELUCCA_TERMINAL_H
#define FELUCCA_TERMINAL_H

#include <stdint.h>

/* puts the terminal into raw mode until terminal_restore; 0 or -errno. Twice is once. */
int terminal_raw(int fd);

/* hides what is typed until terminal_restore; 0 or -errno */
int terminal_hide(int fd);

/* undoes terminal_raw or terminal_hide; does nothing without them */
void terminal_restore(void);

/* the size of the first of stdout, stdin and stderr that is a terminal; 0 by 0 if none is */
void terminal_size(uint16_t *rows, uint16_t *columns);

#endif
