#include "lib/title.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static char *place;
static size_t room;

void title_init(int argc, char **argv)
{
    char *end;

    if (argc < 1)
        return;
    place = argv[0];
    end = place;
    for (int i = 0; i < argc && argv[i] == end; i++)
        end += strlen(end) + 1;
    room = (size_t)(end - place);
}

void title_set(const char *text, const char *more)
{
    if (room < 2)
        return;
    memset(place, 0, room);
    snprintf(place, room, "%s%s%s", text, more ? " " : "", more ? more : "");
}
