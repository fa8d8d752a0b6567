/* What went wrong, to stderr and, as runc's callers expect it, to the file of --log. */
#define _GNU_SOURCE
#include "oci.h"

#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char noted[2048];

const char *said(void)
{
    return noted;
}

int say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(noted, sizeof noted, format, args);
    va_end(args);
    return -1;
}

int say_errno(int err, const char *format, ...)
{
    va_list args;
    size_t used;

    va_start(args, format);
    vsnprintf(noted, sizeof noted, format, args);
    va_end(args);
    used = strlen(noted);
    snprintf(noted + used, sizeof noted - used, ": %s", strerror(err));
    return -1;
}

int say_before(const char *words)
{
    char rest[sizeof noted];

    memcpy(rest, noted, sizeof rest);
    if ((size_t)snprintf(noted, sizeof noted, "%s%s", words, rest) >= sizeof noted)
        noted[sizeof noted - 2] = '~';
    return -1;
}

/* text as the inside of a JSON string */
static void escape(char *to, size_t size, const char *text)
{
    size_t used = 0;

    for (; *text && used + 7 < size; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            used += (size_t)snprintf(to + used, size - used, "\\%c", c);
        else if (c < 0x20)
            used += (size_t)snprintf(to + used, size - used, "\\u%04x", c);
        else
            to[used++] = (char)c;
    }
    to[used] = '\0';
}

static void write_log(const char *level, const char *text)
{
    cleanup_fd int fd = -1;
    char escaped[2 * sizeof noted];
    char line[2 * sizeof noted + 128];
    char when[32];
    time_t now = time(NULL);
    struct tm utc;

    if (!globals.log || !*globals.log)
        return;
    fd = open(globals.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);
    if (fd < 0)
        return; /* the message is on stderr as well */
    gmtime_r(&now, &utc);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    escape(escaped, sizeof escaped, text);
    if (globals.log_format && strcmp(globals.log_format, "json") == 0)
        snprintf(line, sizeof line, "{\"level\":\"%s\",\"msg\":\"%s\",\"time\":\"%s\"}\n", level,
                 escaped, when);
    else
        snprintf(line, sizeof line, "time=\"%s\" level=%s msg=\"%s\"\n", when, level, escaped);
    if (write_all(fd, line, strlen(line)) < 0)
        fprintf(stderr, "felucca-oci: cannot write log %s\n", globals.log);
}

void report_warning(const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (globals.log && *globals.log)
        write_log("warning", text);
    else
        fprintf(stderr, "felucca-oci: warning: %s\n", text);
}

void report_failure(void)
{
    write_log("error", noted);
    fprintf(stderr, "felucca-oci: %s\n", noted);
    noted[0] = '\0';
}
