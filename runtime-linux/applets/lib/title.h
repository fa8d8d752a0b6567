/* The command line that ps shows. */
#ifndef FELUCCA_TITLE_H
#define FELUCCA_TITLE_H

/* remembers where the kernel looks; once, before anything is forked */
void title_init(int argc, char **argv);

/*
 * Shows text, and after a space more of it when not NULL, as far as there is room: the command line
 * that this program was called with. The arguments must not be used any more.
 */
void title_set(const char *text, const char *more);

#endif
