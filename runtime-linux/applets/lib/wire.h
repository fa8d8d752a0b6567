/*
 * The one encoding of launch plans and messages (docs/spec/launch-plan.md, section 1):
 * u32, u64, string, bytes, string list; little-endian, everything aligned to four bytes.
 *
 * A reader never copies: strings point into the packet, NUL-terminated there. A reader that meets
 * anything malformed turns bad and answers zeros and empty strings from then on, so that a caller
 * may read all arguments first and ask once.
 */
#ifndef FELUCCA_WIRE_H
#define FELUCCA_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_LIST_MAX 65536u

struct wire_reader {
    const uint8_t *at;
    const uint8_t *end;
    bool bad;
};

struct wire_bytes {
    const uint8_t *data;
    uint32_t size;
};

struct wire_list {
    uint32_t count;
    struct wire_reader items;
};

struct wire_reader wire_reader(const void *data, size_t size);
uint16_t wire_u16_at(const uint8_t *at);
uint32_t wire_u32_at(const uint8_t *at);
uint32_t wire_u32(struct wire_reader *reader);
uint64_t wire_u64(struct wire_reader *reader);
const char *wire_string(struct wire_reader *reader);
struct wire_bytes wire_bytes(struct wire_reader *reader);
struct wire_list wire_list(struct wire_reader *reader);

/* next string of a list; NULL after the last */
const char *wire_next(struct wire_list *list);

/* a NULL-terminated array of the list's strings, one malloc; NULL when out of memory */
char **wire_array(struct wire_list list);

/* skips arguments by signature ("ilsbv"); true when they are well formed and nothing is left */
bool wire_matches(const void *data, size_t size, const char *signature);

/* A writer over a fixed buffer; overflow makes it bad. */
struct wire_writer {
    uint8_t *start;
    size_t used;
    size_t size;
    bool bad;
};

struct wire_writer wire_writer(void *buffer, size_t size);
void wire_put_u16(struct wire_writer *writer, uint16_t value);
void wire_put_u32(struct wire_writer *writer, uint32_t value);
void wire_put_u64(struct wire_writer *writer, uint64_t value);
void wire_put_string(struct wire_writer *writer, const char *text);
void wire_put_bytes(struct wire_writer *writer, const void *data, size_t size);
void wire_patch_u32(struct wire_writer *writer, size_t offset, uint32_t value);

#endif
