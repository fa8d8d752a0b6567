#include "detach.h"

#include <string.h>

/* the longest end of keys[1..held) + byte that starts the keys: what stays held after a mismatch */
static size_t fall_back(const struct detach *detach, uint8_t byte)
{
    uint8_t typed[DETACH_KEYS_MAX + 1];
    size_t length = detach->held + 1;

    memcpy(typed, detach->keys, detach->held);
    typed[detach->held] = byte;
    for (size_t from = 1; from < length; from++) {
        if (memcmp(typed + from, detach->keys, length - from) == 0)
            return length - from;
    }
    return 0;
}

size_t detach_filter(struct detach *detach, const uint8_t *in, size_t size, uint8_t *out,
                     bool *detached)
{
    size_t written = 0;

    *detached = false;
    for (size_t i = 0; i < size; i++) {
        size_t keep;

        if (detach->count != 0 && in[i] == detach->keys[detach->held]) {
            if (++detach->held == detach->count) {
                detach->held = 0;
                *detached = true;
                return written;
            }
            continue;
        }
        if (detach->held == 0) {
            out[written++] = in[i];
            continue;
        }
        /* what was held and the new byte go out, but for an end that may start the keys anew */
        keep = fall_back(detach, in[i]);
        for (size_t k = 0; k < detach->held + 1 - keep; k++)
            out[written++] = k < detach->held ? detach->keys[k] : in[i];
        detach->held = keep;
    }
    return written;
}
