/*
 * Feeds the frame reader and the detach filter with mutated streams in random pieces. A run is
 * bounded and repeatable: fuzz ROUNDS [SEED]. The sanitizers are the judge, with these invariants:
 * a frame never leaves the buffer, and the filter neither loses nor invents a byte.
 */
#include "detach.h"
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long state;

static unsigned int next(unsigned int bound)
{
    state = state * 6364136223846793005UL + 1442695040888963407UL;
    return (unsigned int)(state >> 33) % bound;
}

static size_t make_stream(uint8_t *out)
{
    size_t size = 0;

    for (unsigned int i = next(4); i > 0; i--) {
        unsigned int payload = next(8) == 0 ? next(FRAME_PAYLOAD + 1) : next(40);

        frame_header(out + size, (uint8_t)next(40), 0, payload);
        memset(out + size + FRAME_HEADER, (int)next(256), payload);
        size += FRAME_HEADER + payload;
    }
    for (unsigned int i = next(3); i > 0 && size > 0; i--)
        out[next((unsigned int)size)] ^= (uint8_t)(1u << next(8));
    return size;
}

static void fuzz_frames(void)
{
    static uint8_t stream[4 * (FRAME_HEADER + FRAME_PAYLOAD)];
    static struct frame_reader reader;
    size_t size = make_stream(stream), at = 0;

    reader.start = reader.end = 0;
    while (at < size) {
        struct frame frame;
        size_t room;
        uint8_t *space = frame_space(&reader, &room);
        size_t piece = 1 + next(next(2) ? 16 : 70000);
        int result;

        if (room == 0)
            abort();
        piece = piece < room ? piece : room;
        piece = piece < size - at ? piece : size - at;
        memcpy(space, stream + at, piece);
        frame_filled(&reader, piece);
        at += piece;
        while ((result = frame_next(&reader, &frame)) > 0) {
            if (frame.payload < reader.data ||
                frame.payload + frame.size > reader.data + reader.end)
                abort();
        }
        if (result < 0)
            return;
    }
}

static void fuzz_detach(void)
{
    struct detach detach = {.count = 1 + next(DETACH_KEYS_MAX)};
    uint8_t typed[64], out[64 + DETACH_KEYS_MAX], all_in[640], all_out[640];
    size_t in_size = 0, out_size = 0;
    bool detached = false;

    for (size_t i = 0; i < detach.count; i++)
        detach.keys[i] = (uint8_t)('a' + next(2));
    for (int round = 0; round < 8 && !detached; round++) {
        size_t size = next(sizeof(typed) + 1), count;

        for (size_t i = 0; i < size; i++)
            typed[i] = (uint8_t)('a' + next(3));
        memcpy(all_in + in_size, typed, size);
        in_size += size;
        count = detach_filter(&detach, typed, size, out, &detached);
        memcpy(all_out + out_size, out, count);
        out_size += count;
    }
    if (memcmp(all_in, all_out, out_size) != 0)
        abort();
    if (!detached && out_size + detach.held != in_size)
        abort();
    if (detached && memcmp(all_in + out_size, detach.keys, detach.count) != 0)
        abort();
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 1000;

    state = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    for (long i = 0; i < rounds; i++) {
        fuzz_frames();
        fuzz_detach();
    }
    printf("fuzz: %ld rounds\n", rounds);
    return 0;
}
