/*
 * libFuzzer target: the plan reader on any bytes. A plan that it accepts is walked as the
 * interpreters do, so that what they rely on without asking again is touched here.
 */
#include "lib/plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct plan *plan)
{
    struct wire_reader args = plan_args(&plan->ops[plan->exec]);
    char **array;

    if (plan->fork >= plan->exec || plan->exec >= plan->count)
        abort();
    for (uint32_t i = 0; i < plan->count; i++)
        if (strcmp(plan_op_name(plan->ops[i].code), "unknown operation") == 0)
            abort();
    wire_string(&args);
    array = wire_array(wire_list(&args));
    for (char **item = array; item && *item; item++)
        if (strlen(*item) > plan->ops[plan->exec].length)
            abort();
    free(array);
    wire_list(&args);
    wire_u32(&args);
    if (args.bad || args.at != args.end)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct failure failure;
    struct plan plan;
    uint32_t bad;
    uint8_t *copy = malloc(size ? size : 1);

    if (!copy)
        return 0;
    memcpy(copy, data, size); /* exactly as long as the plan: an overrun is seen */
    if (size >= 12)
        memcpy(copy + 8, &(uint32_t){(uint32_t)size}, 4); /* the length is not worth guessing */
    if (plan_read(&plan, copy, size, &bad, &failure) == 0) {
        walk(&plan);
        plan_free(&plan);
    }
    free(copy);
    return 0;
}
