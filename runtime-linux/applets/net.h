#ifndef FELUCCA_NET_H
#define FELUCCA_NET_H

/* brings lo up in the current network namespace; 0 or -errno */
int net_loopback_up(void);

#endif
