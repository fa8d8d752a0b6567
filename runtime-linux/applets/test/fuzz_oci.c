/*
 * libFuzzer target: what felucca-oci reads, on any bytes: a command line, the state of a container,
 * an answer of the plan compiler. The first byte says which.
 */
#include "oci/launch.h"
#include "oci/lifecycle.h"
#include "oci/oci.h"
#include "oci/state.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 64

struct globals globals;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const char *oci_home(void)
{
    return "/";
}

/* words end with NUL; the first is the command's name */
static void read_options(char *text, size_t size)
{
    static bool flag;
    static const char *value;
    struct strings list = {.count = 0};
    const struct option options[] = {
        {"flag,f", OPTION_FLAG, &flag},
        {"text,t", OPTION_TEXT, &value},
        {"list,l", OPTION_LIST, &list},
        {"nothing", OPTION_TEXT, NULL},
        {NULL, OPTION_FLAG, NULL},
    };
    char *words[WORDS_MAX + 1];
    int count = 0;
    int at;

    for (size_t i = 0; i < size && count < WORDS_MAX; i += strlen(text + i) + 1)
        words[count++] = text + i;
    words[count] = NULL;
    if (count == 0)
        return;
    at = options_read(options, count, words);
    if (at < -1 || at > count)
        abort();
    if (at >= 0) {
        const char *id = options_id(count, words, at, 2);

        if (id && (strchr(id, '/') || *id == '.' || strlen(id) > 200))
            abort();
    }
    for (size_t i = 0; i < list.count; i++)
        if (strlen(list.items[i]) > size)
            abort();
    free(list.items);
}

static size_t lengths(const struct container *container)
{
    size_t sum = 0;

    for (int i = 0; i < container->place_count; i++)
        sum += strlen(container->places[i].mount) + strlen(container->places[i].path) +
               strlen(container->places[i].controllers);
    return sum;
}

static void read_state(const uint8_t *bytes, size_t size)
{
    struct container container = {.id = "c"};

    if (!state_decode(&container, bytes, size))
        return;
    if (lengths(&container) + strlen(container.bundle) + strlen(container.rootfs) +
            container.config.size > size)
        abort();
    free(state_document(&container, STATUS_STOPPED));
    free(state_document(&container, STATUS_RUNNING));
}

static void read_answer(const uint8_t *bytes, size_t size)
{
    struct wire_reader in = wire_reader(bytes, size);
    struct container container = {.id = "c"};
    struct launch launch;
    struct wire_bytes plan;

    launch_init(&launch);
    if (answer_places(&in, &container) == 0 && lengths(&container) > size)
        abort();
    if (answer_plan(&in, &launch, &plan) == 0 && plan.size > size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* exactly as long as the input: an overrun is seen; words end within it */
    uint8_t *copy = malloc(size + 1);

    globals.log = NULL;
    if (!copy || size == 0) {
        free(copy);
        return 0;
    }
    memcpy(copy, data, size);
    copy[size] = '\0';
    if (copy[0] % 3 == 0) {
        read_options((char *)copy + 1, size - 1);
    } else {
        uint8_t *exact = malloc(size - 1 ? size - 1 : 1);

        if (exact) {
            memcpy(exact, copy + 1, size - 1);
            if (copy[0] % 3 == 1)
                read_state(exact, size - 1);
            else
                read_answer(exact, size - 1);
        }
        free(exact);
    }
    free(copy);
    return 0;
}
