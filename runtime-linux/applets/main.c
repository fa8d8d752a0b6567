/* One binary, several applets: chosen by the name it is called by, else by its first argument. */
#include "applets.h"

#include "lib/title.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*main)(int argc, char **argv);
} applets[] = {
    {"supervise", supervise_main},
    {"spawn", spawn_main},
};

int main(int argc, char **argv)
{
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    const char *name = slash ? slash + 1 : argc > 0 ? argv[0] : "";

    title_init(argc, argv);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof applets / sizeof *applets; i++)
            if (strcmp(name, applets[i].name) == 0)
                return applets[i].main(argc - round, argv + round);
        name = argc > 1 ? argv[1] : "";
    }
    fputs("usage: felucca-applets supervise|spawn [options]\n", stderr);
    return 2;
}
