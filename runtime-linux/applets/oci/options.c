/* Command lines as runc's: -name and --name are the same, a value follows a space or '='. */
#define _GNU_SOURCE
#include "oci.h"

#include <stdlib.h>
#include <string.h>

static bool names_have(const char *names, const char *name, size_t length)
{
    while (*names) {
        size_t n = strcspn(names, ",");

        if (n == length && memcmp(names, name, n) == 0)
            return true;
        names += n + (names[n] == ',');
    }
    return false;
}

static const struct option *find(const struct option *options, const char *name, size_t length)
{
    for (; options->names; options++)
        if (names_have(options->names, name, length))
            return options;
    return NULL;
}

static int append(struct strings *list, const char *value)
{
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);

    if (!items)
        return say("out of memory");
    list->items = items;
    list->items[list->count++] = value;
    return 0;
}

static int set_flag(const struct option *option, const char *name, const char *value)
{
    bool on = !value || strcmp(value, "true") == 0 || strcmp(value, "1") == 0;

    if (value && !on && strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
        return say("option %s: '%s' is neither true nor false", name, value);
    if (option->target)
        *(bool *)option->target = on;
    return 0;
}

static int set_value(const struct option *option, const char *value)
{
    if (option->target && option->kind == OPTION_LIST)
        return append(option->target, value);
    if (option->target)
        *(const char **)option->target = value;
    return 0;
}

int options_read(const struct option *options, int argc, char **argv)
{
    int at;

    for (at = 1; at < argc; at++) {
        const char *name = argv[at];
        const char *value;
        const struct option *option;
        size_t length;
        int rc;

        if (name[0] != '-' || name[1] == '\0')
            return at;
        if (strcmp(name, "--") == 0)
            return at + 1;
        name += name[1] == '-' ? 2 : 1;
        length = strcspn(name, "=");
        value = name[length] == '=' ? name + length + 1 : NULL;
        option = find(options, name, length);
        if (!option)
            return say("unknown option '%s' of %s", argv[at], argv[0]);
        if (option->kind == OPTION_FLAG) {
            rc = set_flag(option, argv[at], value);
        } else {
            if (!value && at + 1 >= argc)
                return say("option %s: value missing; give one after a space or '='", argv[at]);
            rc = set_value(option, value ? value : argv[++at]);
        }
        if (rc < 0)
            return rc;
    }
    return at;
}

static bool id_is_plain(const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.");

    return length > 0 && length <= 200 && id[length] == '\0' && id[0] != '.';
}

const char *options_id(int argc, char **argv, int at, int most)
{
    if (at < 0)
        return NULL;
    if (argc - at < 1 || argc - at > most) {
        say("%s takes %s container id, not %d operands", argv[0], most == 1 ? "one" : "a",
            argc - at);
        return NULL;
    }
    if (!id_is_plain(argv[at])) {
        say("invalid container id '%s': use 1 to 200 letters, digits and _+-. , not beginning "
            "with a dot",
            argv[at]);
        return NULL;
    }
    return argv[at];
}
