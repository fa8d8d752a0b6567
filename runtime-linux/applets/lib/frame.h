/*
 * Frames of client sockets (docs/spec/command-protocol.md; monitor-protocol.md, section 6):
 *
 *   0        4      5       6         8
 *   | length | type | flags | channel | payload
 */
#ifndef FELUCCA_FRAME_H
#define FELUCCA_FRAME_H

#define FRAME_HEADER 8u
#define FRAME_PAYLOAD_MAX 65536u

enum {
    FRAME_HELLO = 1,
    FRAME_STDIN = 2,
    FRAME_STDOUT = 3,
    FRAME_STDERR = 4,
    FRAME_WINDOW = 5,
    FRAME_SIGNAL = 6,
    FRAME_CREDIT = 7,
    FRAME_EXIT = 8,
    FRAME_ERROR = 9,
    FRAME_DETACH = 10,
    FRAME_STDIN_EOF = 11,
    FRAME_STARTED = 12
};

#endif
