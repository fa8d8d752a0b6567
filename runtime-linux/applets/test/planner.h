/* Builds launch plans for tests: what the Java compiler does in production, by hand. */
#ifndef FELUCCA_TEST_PLANNER_H
#define FELUCCA_TEST_PLANNER_H

#include "lib/plan.h"
#include "lib/wire.h"

struct planner {
    uint8_t buffer[65536];
    struct wire_writer writer;
    uint32_t count;
    size_t op_at;
};

void plan_open(struct planner *planner, enum plan_kind kind, uint32_t flags);
/* arguments by the operation's signature: i uint32_t, l uint64_t, s char *, v char ** , b ptr+len */
void plan_op(struct planner *planner, enum op_code code, const char *signature, ...);
void plan_op_flags(struct planner *planner, unsigned flags, enum op_code code,
                   const char *signature, ...);
/* fixes the header; given and total slots */
void plan_close(struct planner *planner, uint32_t given, uint32_t total);

#endif
