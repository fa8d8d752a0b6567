/*
 * Frames of docs/spec/command-protocol.md:
 *
 *     u32 length of the payload | u8 type | u8 flags | u16 channel 0 | payload
 *
 * little-endian; at most 65536 bytes of payload.
 */
#ifndef FELUCCA_FRAME_H
#define FELUCCA_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER 8
#define FRAME_PAYLOAD 65536
#define FRAME_MORE 1

enum frame_type {
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
    FRAME_STARTED = 12,
    FRAME_STREAMS = 33,
    FRAME_OPEN_FILE = 34,
    FRAME_FILE = 35,
    FRAME_CREATE_FILE = 36,
    FRAME_ECHO = 37,
};

struct frame {
    uint8_t type;
    uint32_t size;
    const uint8_t *payload; /* valid until the reader is filled again */
};

/* Bytes that arrived and are not yet taken as frames. */
struct frame_reader {
    size_t start;
    size_t end;
    uint8_t data[2 * (FRAME_HEADER + FRAME_PAYLOAD)];
};

/* takes the next frame: 1 if there is a whole one, 0 if bytes are missing, -EPROTO if it is none */
int frame_next(struct frame_reader *reader, struct frame *frame);

/* makes room for a whole frame and returns where the next bytes go; *room is how many fit */
uint8_t *frame_space(struct frame_reader *reader, size_t *room);

/* says that count bytes were put at frame_space */
void frame_filled(struct frame_reader *reader, size_t count);

void frame_header(uint8_t out[FRAME_HEADER], uint8_t type, uint8_t flags, uint32_t size);

uint32_t get_u32(const uint8_t *at);
void put_u16(uint8_t *at, uint16_t value);
void put_u32(uint8_t *at, uint32_t value);

#endif
