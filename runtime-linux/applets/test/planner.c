#include "planner.h"

#include <stdarg.h>
#include <string.h>

void plan_open(struct planner *planner, enum plan_kind kind, uint32_t flags)
{
    planner->writer = wire_writer(planner->buffer, sizeof planner->buffer);
    planner->count = 0;
    wire_put_u32(&planner->writer, 0x31504c46);
    wire_put_u16(&planner->writer, 1);
    wire_put_u16(&planner->writer, (uint16_t)kind);
    for (int i = 0; i < 4; i++)
        wire_put_u32(&planner->writer, 0);
    wire_put_u32(&planner->writer, flags);
    wire_put_u32(&planner->writer, 0);
}

static void put_list(struct wire_writer *writer, char *const *list)
{
    uint32_t count = 0;

    while (list[count])
        count++;
    wire_put_u32(writer, count);
    for (uint32_t i = 0; i < count; i++)
        wire_put_string(writer, list[i]);
}

static void put_op(struct planner *planner, unsigned flags, enum op_code code,
                   const char *signature, va_list args)
{
    struct wire_writer *writer = &planner->writer;
    size_t start = writer->used;

    wire_put_u16(writer, (uint16_t)code);
    wire_put_u16(writer, (uint16_t)flags);
    wire_put_u32(writer, 0);
    for (; *signature; signature++) {
        if (*signature == 'i') {
            wire_put_u32(writer, va_arg(args, uint32_t));
        } else if (*signature == 'l') {
            wire_put_u64(writer, va_arg(args, uint64_t));
        } else if (*signature == 's') {
            wire_put_string(writer, va_arg(args, const char *));
        } else if (*signature == 'v') {
            put_list(writer, va_arg(args, char *const *));
        } else {
            const void *data = va_arg(args, const void *);

            wire_put_bytes(writer, data, va_arg(args, uint32_t));
        }
    }
    wire_patch_u32(writer, start + 4, (uint32_t)(writer->used - start - 8));
    planner->count++;
}

void plan_op(struct planner *planner, enum op_code code, const char *signature, ...)
{
    va_list args;

    va_start(args, signature);
    put_op(planner, 0, code, signature, args);
    va_end(args);
}

void plan_op_flags(struct planner *planner, unsigned flags, enum op_code code,
                   const char *signature, ...)
{
    va_list args;

    va_start(args, signature);
    put_op(planner, flags, code, signature, args);
    va_end(args);
}

void plan_close(struct planner *planner, uint32_t given, uint32_t total)
{
    wire_patch_u32(&planner->writer, 8, (uint32_t)planner->writer.used);
    wire_patch_u32(&planner->writer, 12, planner->count);
    wire_patch_u32(&planner->writer, 16, given);
    wire_patch_u32(&planner->writer, 20, total);
}
