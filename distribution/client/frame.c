#include "frame.h"

#include <errno.h>
#include <string.h>

uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, (uint16_t)value);
    put_u16(at + 2, (uint16_t)(value >> 16));
}

void frame_header(uint8_t out[FRAME_HEADER], uint8_t type, uint8_t flags, uint32_t size)
{
    put_u32(out, size);
    out[4] = type;
    out[5] = flags;
    put_u16(out + 6, 0);
}

int frame_next(struct frame_reader *reader, struct frame *frame)
{
    const uint8_t *at = reader->data + reader->start;
    size_t have = reader->end - reader->start;
    uint32_t size;

    if (have < FRAME_HEADER)
        return 0;
    size = get_u32(at);
    if (size > FRAME_PAYLOAD || at[5] != 0 || at[6] != 0 || at[7] != 0)
        return -EPROTO;
    if (have < FRAME_HEADER + size)
        return 0;
    *frame = (struct frame){.type = at[4], .size = size, .payload = at + FRAME_HEADER};
    reader->start += FRAME_HEADER + size;
    return 1;
}

uint8_t *frame_space(struct frame_reader *reader, size_t *room)
{
    if (reader->start == reader->end) {
        reader->start = reader->end = 0;
    } else if (sizeof(reader->data) - reader->start < FRAME_HEADER + FRAME_PAYLOAD) {
        memmove(reader->data, reader->data + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
    }
    *room = sizeof(reader->data) - reader->end;
    return reader->data + reader->end;
}

void frame_filled(struct frame_reader *reader, size_t count)
{
    reader->end += count;
}
