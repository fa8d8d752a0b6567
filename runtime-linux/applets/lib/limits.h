/*
 * The limit of open files: spawn and monitors use all they may, since one monitor holds a handful
 * of descriptors per exec and client; programs get back what this process was started with.
 */
#ifndef FELUCCA_LIMITS_H
#define FELUCCA_LIMITS_H

/* raises the soft limit to the hard one; 0 or -errno */
int limits_raise(void);

/* in a child: as before limits_raise; 0 or -errno */
int limits_restore(void);

#endif
