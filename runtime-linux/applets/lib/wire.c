#include "wire.h"

#include <stdlib.h>
#include <string.h>

static uint32_t padded(uint32_t size)
{
    return (size + 3u) & ~3u;
}

struct wire_reader wire_reader(const void *data, size_t size)
{
    const uint8_t *start = data;

    return (struct wire_reader){.at = start, .end = start + size};
}

uint16_t wire_u16_at(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

uint32_t wire_u32_at(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* takes n bytes, or turns the reader bad and answers NULL */
static const uint8_t *take(struct wire_reader *reader, size_t n)
{
    const uint8_t *at = reader->at;

    if (reader->bad || (size_t)(reader->end - reader->at) < n) {
        reader->bad = true;
        return NULL;
    }
    reader->at += n;
    return at;
}

uint32_t wire_u32(struct wire_reader *reader)
{
    const uint8_t *at = take(reader, 4);

    return at ? wire_u32_at(at) : 0;
}

uint64_t wire_u64(struct wire_reader *reader)
{
    uint64_t low = wire_u32(reader);

    return low | (uint64_t)wire_u32(reader) << 32;
}

/* takes a length, that many bytes, and padding of zero bytes up to extra more than the data */
static struct wire_bytes take_counted(struct wire_reader *reader, uint32_t extra)
{
    uint32_t size = wire_u32(reader);
    const uint8_t *data;

    if (size > UINT32_MAX - 8) {
        reader->bad = true;
        return (struct wire_bytes){.data = NULL};
    }
    data = take(reader, padded(size + extra));
    if (!data)
        return (struct wire_bytes){.data = NULL};
    for (uint32_t i = size; i < padded(size + extra); i++)
        if (data[i] != 0)
            reader->bad = true;
    return (struct wire_bytes){.data = data, .size = size};
}

const char *wire_string(struct wire_reader *reader)
{
    struct wire_bytes bytes = take_counted(reader, 1);

    if (!bytes.data || memchr(bytes.data, 0, bytes.size) || reader->bad) {
        reader->bad = true;
        return "";
    }
    return (const char *)bytes.data;
}

struct wire_bytes wire_bytes(struct wire_reader *reader)
{
    struct wire_bytes bytes = take_counted(reader, 0);

    return reader->bad ? (struct wire_bytes){.data = NULL} : bytes;
}

struct wire_list wire_list(struct wire_reader *reader)
{
    struct wire_list list = {.count = wire_u32(reader)};

    list.items = *reader;
    if (list.count > WIRE_LIST_MAX)
        reader->bad = true;
    for (uint32_t i = 0; i < list.count && !reader->bad; i++)
        wire_string(reader);
    if (reader->bad)
        return (struct wire_list){.count = 0};
    return list;
}

const char *wire_next(struct wire_list *list)
{
    if (list->count == 0)
        return NULL;
    list->count--;
    return wire_string(&list->items);
}

char **wire_array(struct wire_list list)
{
    char **array = calloc(list.count + 1u, sizeof *array);
    size_t i = 0;

    if (!array)
        return NULL;
    for (const char *item = wire_next(&list); item; item = wire_next(&list))
        array[i++] = (char *)(uintptr_t)item;
    return array;
}

bool wire_matches(const void *data, size_t size, const char *signature)
{
    struct wire_reader reader = wire_reader(data, size);

    for (; *signature; signature++) {
        switch (*signature) {
        case 'i':
            wire_u32(&reader);
            break;
        case 'l':
            wire_u64(&reader);
            break;
        case 's':
            wire_string(&reader);
            break;
        case 'b':
            wire_bytes(&reader);
            break;
        default:
            wire_list(&reader);
            break;
        }
    }
    return !reader.bad && reader.at == reader.end;
}

struct wire_writer wire_writer(void *buffer, size_t size)
{
    return (struct wire_writer){.start = buffer, .size = size};
}

static uint8_t *reserve(struct wire_writer *writer, size_t n)
{
    uint8_t *at = writer->start + writer->used;

    if (writer->bad || writer->size - writer->used < n) {
        writer->bad = true;
        return NULL;
    }
    writer->used += n;
    return at;
}

void wire_put_u16(struct wire_writer *writer, uint16_t value)
{
    uint8_t *at = reserve(writer, 2);

    if (!at)
        return;
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void store_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

void wire_put_u32(struct wire_writer *writer, uint32_t value)
{
    uint8_t *at = reserve(writer, 4);

    if (at)
        store_u32(at, value);
}

void wire_put_u64(struct wire_writer *writer, uint64_t value)
{
    wire_put_u32(writer, (uint32_t)value);
    wire_put_u32(writer, (uint32_t)(value >> 32));
}

static void put_counted(struct wire_writer *writer, const void *data, size_t size, uint32_t extra)
{
    size_t room = padded((uint32_t)size + extra);
    uint8_t *at;

    wire_put_u32(writer, (uint32_t)size);
    at = reserve(writer, room);
    if (!at)
        return;
    memset(at + size, 0, room - size);
    if (size > 0)
        memcpy(at, data, size);
}

void wire_put_string(struct wire_writer *writer, const char *text)
{
    put_counted(writer, text, strlen(text), 1);
}

void wire_put_bytes(struct wire_writer *writer, const void *data, size_t size)
{
    put_counted(writer, data, size, 0);
}

void wire_patch_u32(struct wire_writer *writer, size_t offset, uint32_t value)
{
    if (!writer->bad && offset + 4 <= writer->used)
        store_u32(writer->start + offset, value);
}
