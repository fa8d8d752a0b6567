/* The plan reader and the encoding: what is refused, and where. */
#include "fixture.h"
#include "lib/kernel.h"

#include <errno.h>
#include <string.h>

static struct planner planner;
static struct plan plan;
static struct failure failure;

static int read_back(uint32_t *bad)
{
    int rc = plan_read(&plan, planner.writer.start, planner.writer.used, bad, &failure);

    if (rc == 0)
        plan_free(&plan);
    return rc;
}

static void refused(const char *text)
{
    uint32_t bad;

    CHECK_INT(read_back(&bad), -EINVAL);
    CHECK_TEXT(failure.text, text);
}

static void good_plan(void)
{
    plan_container(&planner, &(struct container){.argv = (char *[]){"guest", NULL}});
}

static void wire_strings_matchTheSpec(struct fixture *f)
{
    static const uint8_t abc[] = {3, 0, 0, 0, 0x61, 0x62, 0x63, 0};
    static const uint8_t empty[] = {0, 0, 0, 0, 0, 0, 0, 0};
    uint8_t buffer[64];
    struct wire_writer writer = wire_writer(buffer, sizeof buffer);

    (void)f;
    wire_put_string(&writer, "abc");
    CHECK_INT((long)writer.used, 8);
    CHECK(memcmp(buffer, abc, 8) == 0);
    wire_put_string(&writer, "");
    CHECK(memcmp(buffer + 8, empty, 8) == 0);
    CHECK(wire_matches(buffer, 16, "ss"));
    CHECK(!wire_matches(buffer, 16, "s"));
    CHECK(!wire_matches(buffer, 12, "ss"));
    buffer[7] = 1; /* not terminated */
    CHECK(!wire_matches(buffer, 8, "s"));
    buffer[7] = 0;
    buffer[5] = 0; /* NUL inside */
    CHECK(!wire_matches(buffer, 8, "s"));
}

static void goodPlan_isRead(struct fixture *f)
{
    uint32_t bad;

    (void)f;
    good_plan();
    CHECK_INT(read_back(&bad), 0);
}

/* every cut of a good plan is refused */
static void cutPlan_isRefused(struct fixture *f)
{
    uint32_t bad;

    (void)f;
    good_plan();
    for (size_t size = 0; size < planner.writer.used; size++) {
        wire_patch_u32(&planner.writer, 8, (uint32_t)size);
        CHECK(plan_read(&plan, planner.buffer, size, &bad, &failure) < 0);
    }
}

static void headerFields_areChecked(struct fixture *f)
{
    static const struct {
        int at;
        uint8_t value;
        const char *text;
    } cases[] = {{0, 0, "not a launch plan"},  {6, 9, "kind 9"},
                 {18, 9, "slots given"},       {23, 9, "slots given"},
                 {24, 2, "unknown plan flags"}, {28, 1, "unknown plan flags"},
                 {14, 1, "operations, at most"}};
    uint32_t bad;

    (void)f;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        good_plan();
        planner.buffer[cases[i].at] = cases[i].value;
        CHECK(read_back(&bad) < 0);
        CHECK_TEXT(failure.text, cases[i].text);
    }
    good_plan();
    planner.buffer[4] = 2;
    CHECK_INT(read_back(&bad), -EPROTONOSUPPORT);
}

static void begin_container(void)
{
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS);
    plan_op(&planner, OP_ROOT, "i", 0u);
}

static void end_container(uint32_t total)
{
    plan_op(&planner, OP_PIVOT, "i", 0u);
    plan_op(&planner, OP_PARK, "");
    plan_op(&planner, OP_EXEC, "svvi", "x", (char *[]){NULL}, (char *[]){NULL}, 0u);
    plan_close(&planner, 1, total);
}

static void badOperations_areRefused(struct fixture *f)
{
    (void)f;
    begin_container();
    plan_op(&planner, 50, "i", 0u);
    end_container(1);
    refused("unknown operation 50");
    begin_container();
    plan_op(&planner, OP_ATTACH, "isi", 7u, "/x", 0u);
    end_container(9);
    refused("ATTACH: slot 7 is not filled");
    begin_container();
    plan_op(&planner, OP_ATTACH, "isi", 7u, "/x", 0u);
    end_container(1);
    refused("ATTACH: slot 7 of 1");
    begin_container();
    plan_op(&planner, OP_ATTACH, "isi", 0u, "/x", 8u);
    end_container(1);
    refused("ATTACH: unknown flags");
    begin_container();
    plan_op_flags(&planner, OP_CLAMP, OP_UMASK, "i", 0u);
    end_container(1);
    refused("UMASK: operation flags");
    begin_container();
    plan_op_flags(&planner, OP_OPTIONAL, OP_SECCOMP, "ib", 0u, "12345678", 8u);
    end_container(1);
    refused("SECCOMP: operation flags");
    begin_container();
    plan_op(&planner, OP_SECCOMP, "ib", 0u, "1234567", 7u);
    end_container(1);
    refused("SECCOMP: value out of range");
    begin_container();
    plan_op(&planner, OP_UMASK, "ii", 0u, 0u);
    end_container(1);
    refused("UMASK: malformed arguments");
    begin_container();
    plan_op(&planner, OP_ENTER, "l", K_CLONE_NEWNS);
    end_container(1);
    refused("ENTER in a plan of kind 1");
}

static void wrongOrder_isRefused(struct fixture *f)
{
    (void)f;
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS);
    plan_op(&planner, OP_MKDIR, "siii", "/x", 0u, 0u, 0u);
    plan_op(&planner, OP_ROOT, "i", 0u);
    end_container(1);
    refused("MKDIR stands out of order");
    begin_container();
    plan_op(&planner, OP_OPEN, "isi", 1u, "/x", 0u);
    end_container(2);
    refused("OPEN stands out of order");
    begin_container();
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS);
    end_container(1);
    refused("CLONE stands out of order");
    begin_container();
    end_container(1);
    plan_op(&planner, OP_UMASK, "i", 0u);
    plan_close(&planner, 1, 1);
    refused("UMASK stands out of order");
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS);
    plan_close(&planner, 0, 0);
    refused("no EXEC");
    plan_open(&planner, PLAN_CONTAINER, 0);
    plan_op(&planner, OP_CLONE, "l", K_CLONE_NEWNS);
    plan_op(&planner, OP_EXEC, "svvi", "x", (char *[]){NULL}, (char *[]){NULL}, 0u);
    plan_close(&planner, 0, 0);
    refused("EXEC stands out of order");
}

const struct test plan_tests[] = {
    {"wire_strings_matchTheSpec", wire_strings_matchTheSpec},
    {"goodPlan_isRead", goodPlan_isRead},
    {"cutPlan_isRefused", cutPlan_isRefused},
    {"headerFields_areChecked", headerFields_areChecked},
    {"badOperations_areRefused", badOperations_areRefused},
    {"wrongOrder_isRefused", wrongOrder_isRefused},
    {NULL, NULL},
};
