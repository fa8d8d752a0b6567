/* One of the client's two connections: frames in, frames and descriptors out, never blocking. */
#ifndef FELUCCA_CONNECTION_H
#define FELUCCA_CONNECTION_H

#include "frame.h"

#include <stdbool.h>

/* room for one full STDIN frame and a few small ones */
#define CONNECTION_OUT (FRAME_HEADER + FRAME_PAYLOAD + 4096)

struct connection {
    int fd; /* -1 when it has ended */
    struct frame_reader in;
    uint32_t credit; /* bytes of STDIN the other side takes */
    bool eof_sent;
    size_t out_start;
    size_t out_end;
    int passed;       /* descriptor that goes beside the byte at passed_at; -1 for none */
    size_t passed_at;
    uint8_t out[CONNECTION_OUT];
};

void connection_open(struct connection *connection, int fd);
void connection_close(struct connection *connection);

/* queues a frame; false when it does not fit, which means that the other side does not read */
bool connection_queue(struct connection *connection, uint8_t type, const void *payload,
                      size_t size);

/* queues a frame with a descriptor, which it closes once sent; only when none is waiting */
bool connection_queue_fd(struct connection *connection, uint8_t type, const void *payload,
                         size_t size, int fd);

bool connection_has_output(const struct connection *connection);

/* sends what can be sent now; 0 or -errno */
int connection_flush(struct connection *connection);

/* reads what is there; how much, 0 at the end, -EAGAIN, or -errno */
int connection_fill(struct connection *connection);

#endif
