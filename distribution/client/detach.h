/* Looks for the keys that detach a terminal in what is typed; holds back what may become them. */
#ifndef FELUCCA_DETACH_H
#define FELUCCA_DETACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DETACH_KEYS_MAX 16

struct detach {
    uint8_t keys[DETACH_KEYS_MAX];
    size_t count; /* 0: there are none */
    size_t held;  /* so many of the keys were typed and not passed on */
};

/*
 * Filters size typed bytes; out has room for size + held bytes. Returns how many bytes of out are
 * for the process. After *detached was set the rest of the input is dropped.
 */
size_t detach_filter(struct detach *detach, const uint8_t *in, size_t size, uint8_t *out,
                     bool *detached);

#endif
