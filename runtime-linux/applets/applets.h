#ifndef FELUCCA_APPLETS_H
#define FELUCCA_APPLETS_H

/* each is the main function of an applet: argv[0] is its name; returns the exit status */
int supervise_main(int argc, char **argv);
int spawn_main(int argc, char **argv);

#endif
