#include "failure.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fail(struct failure *failure, int err, const char *format, ...)
{
    const char *reason = strerror(err);
    va_list args;
    size_t used;

    va_start(args, format);
    vsnprintf(failure->text, sizeof failure->text, format, args);
    va_end(args);
    used = strlen(failure->text);
    snprintf(failure->text + used, sizeof failure->text - used, ": %c%s",
             tolower((unsigned char)reason[0]), reason + 1);
    return -err;
}

int fail_plain(struct failure *failure, int err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(failure->text, sizeof failure->text, format, args);
    va_end(args);
    return -err;
}
